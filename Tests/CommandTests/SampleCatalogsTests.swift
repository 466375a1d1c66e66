import Foundation
import TestSupport
import Testing

/// The sample contracts of the documentation are complete: a new service takes each as it is.
@Suite struct SampleCatalogsTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Documentation/Samples")

  static let samples =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
    .filter { $0.hasSuffix(".yaml") }.sorted() ?? []

  @Test func thereAreSamples() { #expect(Self.samples.contains("support-bot.yaml")) }

  @Test(arguments: samples)
  func isApplied(sample: String) throws {
    let desk = try CatalogFolder()
    let path = Self.folder.appending(path: sample).path
    let applied = try desk.run("apply", path, "--yes")
    #expect(applied.status == 0, "\(applied.errors)")
    #expect(applied.text.hasSuffix("Applied.\n"))
    let again = try desk.run("apply", path)
    #expect(again.text.hasPrefix("0 new, 0 changed, "), "\(again.text)")
  }
}
