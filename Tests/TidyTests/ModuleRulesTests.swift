import Testing

@Suite struct ModuleRulesTests {
  private let tree = SourceTree.package

  @Test func `every module says what it owns`() {
    let modules = Module.all(in: tree)
    #expect(modules.count >= 12)
    let violations = modules.flatMap { module in
      let readme = tree.files.first { $0.path == "\(module.folder)/README.md" }
      return ModuleRules.readme(of: module, readme?.text)
    }
    #expect(report(violations) == "")
  }

  @Test func `no type bears its module's name`() {
    #expect(report(tree.swift.flatMap(ModuleRules.typeNames)) == "")
  }

  @Test func `there is a change log`() {
    let hasChangeLog = tree.paths.contains("CHANGELOG.md")
    #expect(hasChangeLog)
  }

  @Test(arguments: [
    (nil, 1), ("", 2), ("It owns a.", 1), ("It does not own a.", 1),
    ("# A\n\nIt owns a.\n\nIt does not own b.\n", 0),
  ])
  func `a poor README is caught`(text: String?, count: Int) {
    let module = Module(name: "Base", folder: "Sources/Core/Base")
    #expect(ModuleRules.readme(of: module, text).count == count)
  }

  @Test(arguments: [
    ("Sources/Core/Base/A.swift", "package enum Base {}", true),
    ("Sources/Edge/Pages/A.swift", "public struct Pages: Sendable {", true),
    ("Sources/Edge/Server/Handlers/A.swift", "typealias Server = Int", true),
    ("Sources/Command/main.swift", "struct Command {}", true),
    ("Migrations/Migrations.swift", "enum Migrations {}", true),
    ("Migrations/Migrations.swift", "struct Migration {}", false),
    ("Sources/Core/Base/A.swift", "// enum Base {}", false),
    ("Sources/Core/Base/A.swift", "enum BaseUnit {}", false),
    ("Sources/Core/Base/A.swift", "enum Pages {}", false),
    ("Sources/Command/Demo/Archive/A.swift", "enum Command {}", false),
  ])
  func `a type with its module's name is caught`(path: String, line: String, isCaught: Bool) {
    let file = SourceFile(path: path, text: line)
    #expect(ModuleRules.typeNames(file).isEmpty == !isCaught)
  }

  @Test(arguments: [
    ("Sources/Core/Base/A.swift", "Base"), ("Sources/Edge/Server/Handlers/A.swift", "Server"),
    ("Sources/Command/Demo/A.swift", "Command"), ("Migrations/A.swift", "Migrations"),
    ("Sources/Command/Demo/Archive/A.swift", "FlightArchive"), ("Package.swift", nil),
    ("Sources/Command/Console/A.swift", "Console"), ("Benchmarks/Load/A.swift", "Benchmark"),
    ("Tests/BaseTests/A.swift", nil), ("Sources/Core/README.md", nil),
  ])
  func `a path shows its module`(path: String, name: String?) {
    #expect(Module(of: path)?.name == name)
  }
}
