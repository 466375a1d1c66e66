/// Who may import whom. The compiler holds target dependencies; this holds the design.
struct ImportRules {
  /// In the order of their names, which is the order of the data path.
  let core: [String]

  /// The floor of the use cases: it uses Core, and of the system only these.
  static let service = "Services"
  private static let serviceSystem = ["Dispatch", "Synchronization"]

  /// The library of the database, and the one module that may use it.
  private static let database = ["GRDB", "GRDBSQLite"]
  static let engine = "SQLite"

  /// Which other modules each of the Edge may use; all of Core is open to them, except to those
  /// that stand alone.
  static let edge: [String: [String]] = [
    "Access": [],
    "Export": [],
    "Gzip": ["CZlib"],
    "Pages": [],
    "SQLite": ["CChecksums", "CMalloc", "Migrations"],
    "Server": ["Access", "Export", "Gzip", "Pages", "Services"],
    "TimeZones": [],
    "YAML": [],
  ]

  /// Which others the programs may use beside Core, and what they have in common; none imports a
  /// program.
  static let programs: [String: [String]] = [
    "Benchmark": ["Console", "SQLite", "Services", "TimeZones"],
    "Command": [service] + edge.keys.sorted() + alone + ["Console"],
    "Console": ["SQLite"],
  ]

  /// Data, or the headers of a library of the system: they use nothing of ours.
  static let alone = ["CChecksums", "CMalloc", "CZlib", "FlightArchive", "Migrations"]

  /// The one file of Core that uses a package of others.
  static let cryptoFile = "Sources/Core/Base/Texts/Digest.swift"

  init(core: some Sequence<String>) { self.core = core.sorted() }

  init(_ tree: SourceTree) {
    self.init(core: Set(Module.all(in: tree).filter(\.isCore).map(\.name)))
  }

  /// What `module` may import of ours; nil for a module that has no row.
  func allowed(for module: String) -> [String]? {
    if let place = core.firstIndex(of: module) { return Array(core[..<place]) }
    if module == Self.service { return core }
    if let edges = Self.edge[module] { return core + edges }
    if Self.alone.contains(module) { return [] }
    return Self.programs[module].map { core + $0 }
  }

  private var ours: Set<String> {
    Set(core + Self.edge.keys + Self.alone + Self.programs.keys + [Self.service])
  }

  func imports(_ file: SourceFile) -> [Violation] {
    guard let module = Module(of: file.path) else { return [] }
    guard let allowed = allowed(for: module.name) else {
      return [Violation(file, "the module \(module.name) has no row in the table of imports")]
    }
    return Import.all(in: file.code).compactMap { statement in
      let name = statement.module
      if allowed.contains(name) { return nil }
      let isOthers = !ours.contains(name)
      let isDigest = name == "Crypto" && file.path == Self.cryptoFile
      if isOthers, isDigest || mayUse(name, module) { return nil }
      return Violation(file, line: statement.line, "\(module.name) may not import \(name)")
    }
  }

  /// Whether a module may use one of the system, or of a package of others.
  private func mayUse(_ name: String, _ module: Module) -> Bool {
    if module.isCore { return false }
    if module.name == Self.service { return Self.serviceSystem.contains(name) }
    return !Self.database.contains(name) || module.name == Self.engine
  }

  /// One line a module.
  var table: String {
    let modules =
      core + [Self.service] + Self.edge.keys.sorted() + Self.alone + Self.programs.keys.sorted()
    return modules.map { module in
      let edges = allowed(for: module) ?? []
      let isAll = edges.starts(with: core) && !core.contains(module)
      let words = isAll ? ["(Core)"] + edges.dropFirst(core.count) : edges
      return module.padding(to: 14) + (words.isEmpty ? "-" : words.joined(separator: " "))
    }.joined(separator: "\n")
  }
}

/// One import statement.
struct Import: Equatable {
  let module: String
  let line: Int

  private static let kinds: Set = [
    "struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor",
  ]

  /// `code` has been through `SwiftCode.blanking`.
  static func all(in code: String) -> [Import] {
    let lines = code.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().flatMap { index, line in
      line.split(separator: ";").compactMap { statement in
        let words = statement.split { $0 == " " || $0 == "\t" }
        guard let place = words.firstIndex(of: "import") else { return nil }
        let name = words[(place + 1)...].first { !kinds.contains(String($0)) }
        let module = name?.split(separator: ".").first
        return module.map { Import(module: String($0), line: index + 1) }
      }
    }
  }
}

extension String {
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
