/// A module, and the folder it lives in.
struct Module: Hashable {
  let name: String
  let folder: String

  var isCore: Bool { folder.hasPrefix("Sources/Core/") }

  /// Modules whose folder is not named after them, or does not lie in Core or Edge.
  private static let elsewhere = [
    Module(name: "FlightArchive", folder: "Sources/Command/Demo/Archive"),
    Module(name: "Console", folder: "Sources/Command/Console"),
    Module(name: "Command", folder: "Sources/Command"),
    Module(name: "Benchmark", folder: "Benchmarks"),
    Module(name: "Migrations", folder: "Migrations"),
  ]

  init(name: String, folder: String) {
    self.name = name
    self.folder = folder
  }

  /// The module a file belongs to; nil for tests, scripts and documents.
  init?(of path: String) {
    let steps = path.split(separator: "/")
    if let module = Module.elsewhere.first(where: { path.hasPrefix("\($0.folder)/") }) {
      self = module
    } else if steps.count > 3, steps[0] == "Sources", steps[1] == "Services" {
      self.init(name: "Services", folder: "Sources/Services")
    } else if steps.count > 3, steps[0] == "Sources" {
      self.init(name: String(steps[2]), folder: steps[..<3].joined(separator: "/"))
    } else {
      return nil
    }
  }

  static func all(in tree: SourceTree) -> [Module] {
    Set(tree.paths.compactMap(Module.init(of:))).sorted { $0.folder < $1.folder }
  }
}

enum ModuleRules {
  private static let kinds = ["struct", "class", "enum", "actor", "protocol", "typealias"]

  /// Swift could no longer tell `Pages.Page` from a member of a type `Pages`.
  static func typeNames(_ file: SourceFile) -> [Violation] {
    guard let module = Module(of: file.path) else { return [] }
    let code = file.code
    return kinds.flatMap { kind in
      SwiftCode.lines(holding: "\(kind) \(module.name)", in: code).map {
        Violation(file, line: $0, "a type bears the name of its module, \(module.name)")
      }
    }
  }

  static let readmePhrases = ["It owns", "It does not own"]

  /// `readme` is the text of the module's README.md, or nil where there is none.
  static func readme(of module: Module, _ readme: String?) -> [Violation] {
    let path = "\(module.folder)/README.md"
    guard let readme else { return [Violation(path: path, "there is no such file")] }
    return readmePhrases.filter { !readme.contains($0) }.map {
      Violation(path: path, "it does not say \"\($0)\"")
    }
  }
}
