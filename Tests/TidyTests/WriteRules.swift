/// Everything that writes goes through `Store.write`, which knows what to do when the disk is full
/// or fails.
enum WriteRules {
  private static let words = [
    "pool.write", "pool.writeWithoutTransaction", "pool.barrierWriteWithoutTransaction",
  ]

  /// The store itself, and those that hold the writer's connection to read.
  private static let exceptions: Set = [
    "Sources/Edge/SQLite/Engine/Store.swift", "Sources/Edge/SQLite/Verification/Replica.swift",
    "Sources/Edge/SQLite/Damage/DamageWatch.swift",
  ]

  static func words(_ file: SourceFile) -> [Violation] {
    guard !exceptions.contains(file.path) else { return [] }
    let code = file.code
    return words.flatMap { word in
      SwiftCode.lines(holding: word, in: code).map {
        Violation(file, line: $0, "`\(word)` goes past `Store.write`")
      }
    }
  }
}
