/// What the floors hold beside imports: the order of the use cases, and where the words of the
/// database are.
enum FloorRules {
  static let services = "Sources/Services"

  /// A folder of the use cases names only types of folders that sort before it.
  static func order(in files: [SourceFile]) -> [Violation] {
    var homes: [String: String] = [:]
    for file in files {
      for type in SwiftCode.types(in: file.code) where !type.isPrivate {
        homes[String(type.name)] = folder(of: file)
      }
    }
    return files.flatMap { file in
      homes.sorted { $0.key < $1.key }.compactMap { type, home in
        guard home > folder(of: file),
          let line = SwiftCode.lines(holding: type, in: file.code).first
        else { return nil }
        return Violation(file, line: line, "\(type) is of \(home), which sorts after it")
      }
    }
  }

  private static func folder(of file: SourceFile) -> String {
    file.path.split(separator: "/").dropFirst(2).first.map(String.init) ?? ""
  }

  private static let statements = ["SELECT ", "INSERT INTO ", "DELETE FROM ", "PRAGMA "]

  /// SQL is where the engine is.
  static func sql(_ file: SourceFile) -> [Violation] {
    guard !file.path.hasPrefix("Sources/Edge/SQLite/") else { return [] }
    return file.lines.enumerated().flatMap { place, line in
      statements.filter { line.contains($0) && !line.contains("//") }.map {
        Violation(file, line: place + 1, "`\($0)`: SQL has its place in SQLite and Migrations")
      }
    }
  }
}
