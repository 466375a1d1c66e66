import Foundation
import Testing

/// Headless Chromium with a profile of its own, one page at a time.
struct Browser {
  private static let path = "/usr/bin/chromium"
  private let profile: URL

  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

  init() throws {
    profile = FileManager.default.temporaryDirectory.appending(path: "usance-browser-\(UUID())")
    try FileManager.default.createDirectory(at: profile, withIntermediateDirectories: true)
  }

  func close() { try? FileManager.default.removeItem(at: profile) }

  /// The document after the page has loaded.
  func document(at url: String) throws -> String {
    try run(["--dump-dom", url])
  }

  /// A picture of the page as PNG.
  func picture(at url: String, width: Int, height: Int) throws -> Data {
    let file = profile.appending(path: "picture.png")
    _ = try run(["--screenshot=\(file.path)", "--window-size=\(width),\(height)", url])
    return try Data(contentsOf: file)
  }

  private func run(_ arguments: [String]) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: Self.path)
    process.arguments =
      [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--user-data-dir=\(profile.path)",
        // Then it takes what has come so far: on a busy machine that must not be half a page.
        "--timeout=120000",
      ] + arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: text, as: UTF8.self)
  }
}
