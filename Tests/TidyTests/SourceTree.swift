import Foundation
import Synchronization

/// The files of the package, as they lie on disk beside this one.
struct SourceTree {
  let files: [SourceFile]
  /// Paths of all files, those that are not text too.
  let paths: [String]

  /// Read once: the tests only look.
  static let package = SourceTree(root: root)

  /// The nearest folder above this file that holds a Package.swift. Symbolic links are followed
  /// first, so that a scratch package that links here still looks at the one tree.
  private static let root: URL = {
    var folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    while folder.pathComponents.count > 1 {
      let manifest = folder.appending(path: "Package.swift").path
      if FileManager.default.fileExists(atPath: manifest) { return folder }
      folder.deleteLastPathComponent()
    }
    preconditionFailure("no Package.swift above \(#filePath)")
  }()

  /// Folders that are made by tools and never committed; a hidden one counts where it is ours.
  private static let foldersToSkip: Set = ["__pycache__", "node_modules"]
  private static let hiddenFolders: Set = [".ci", ".github"]
  private static let filesToSkip: Set = ["Package.resolved", ".DS_Store"]

  private init(root: URL) {
    paths = SourceTree.paths(under: root.path).sorted()
    files = paths.compactMap { path in
      guard let data = FileManager.default.contents(atPath: "\(root.path)/\(path)") else {
        return nil
      }
      return String(validating: data, as: UTF8.self).map { SourceFile(path: path, text: $0) }
    }
  }

  private static func paths(under folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.flatMap { name -> [String] in
      let path = "\(folder)/\(name)"
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
      guard isFolder.boolValue else { return filesToSkip.contains(name) ? [] : [name] }
      let isOurs =
        name.hasPrefix(".") ? hiddenFolders.contains(name) : !foldersToSkip.contains(name)
      return isOurs ? paths(under: path).map { "\(name)/\($0)" } : []
    }
  }

  var swift: [SourceFile] { files.filter { $0.path.hasSuffix(".swift") } }

  /// What the programs are made of.
  var sources: [SourceFile] { swift(under: "Sources") + swift(under: "Benchmarks") }

  func swift(under folder: String) -> [SourceFile] {
    swift.filter { $0.path.hasPrefix("\(folder)/") }
  }
}

/// One file of text.
struct SourceFile {
  /// From the root of the package.
  let path: String
  let text: String

  /// Without the empty piece behind the last line feed.
  var lines: [Substring] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.last == "" ? lines.dropLast() : lines
  }

  /// The text without comments and without the contents of strings; lines stay where they are.
  var code: String {
    if let known = Self.blanked.withLock({ $0[text] }) { return known }
    let code = SwiftCode.blanking(text)
    Self.blanked.withLock { $0[text] = code }
    return code
  }

  /// Every rule asks for it, of the same files.
  private static let blanked = Mutex<[String: String]>([:])
}

/// Where a house rule is broken, in the form that editors jump to.
struct Violation: Hashable, CustomStringConvertible {
  let path: String
  let line: Int
  let reason: String

  init(_ file: SourceFile, line: Int = 1, _ reason: String) {
    self.init(path: file.path, line: line, reason)
  }

  init(path: String, line: Int = 1, _ reason: String) {
    self.path = path
    self.line = line
    self.reason = reason
  }

  var description: String { "\(path):\(line): \(reason)" }
}

/// One line for each; empty when all is well, so that a failing test shows nothing else.
func report(_ violations: some Sequence<Violation>) -> String {
  violations.map(\.description).joined(separator: "\n")
}
