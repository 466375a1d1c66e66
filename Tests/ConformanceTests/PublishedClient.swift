import Foundation
import TestSupport
import Testing

/// A script beside this file, run by the Python that has the published packages it needs.
struct PublishedClient: CustomTestStringConvertible {
  let script: String
  /// The list of packages, which is also the name of the virtual environment that has them.
  let packages: String

  static let cloudEvents1 = PublishedClient(
    script: "post_cloudevents_1.py", packages: "cloudevents-1")
  static let cloudEvents2 = PublishedClient(
    script: "post_cloudevents_2.py", packages: "cloudevents-2")
  static let openMeter = PublishedClient(script: "post_openmeter.py", packages: "cloudevents-1")

  static let areInstalled = [cloudEvents1, cloudEvents2].allSatisfy {
    FileManager.default.isExecutableFile(atPath: $0.python.path)
  }

  var testDescription: String { script }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  private static let package = folder.deletingLastPathComponent().deletingLastPathComponent()

  private var python: URL {
    Self.package.appending(path: ".build/conformance/\(packages)/bin/python")
  }

  /// Runs the script to its end; the lines it printed.
  func post(to desk: EngineDesk) throws -> [String] {
    let path = Self.folder.appending(path: "Python/\(script)").path
    let child = try ChildProcess(
      python.path, [path, desk.address, try desk.token("device")],
      output: desk.folder.path("posted"), errors: desk.folder.path("complaints"))
    try #require(child.wait(secondsMax: 120) == .exit(0), "\(desk.folder.text("complaints"))")
    return desk.folder.text("posted").split(separator: "\n").map(String.init)
  }
}
