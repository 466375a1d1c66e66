/// Migrations are numbered without gaps, and each is checked.
enum MigrationRules {
  private static let ending = ".sql"
  private static let checkEnding = ".expect.sql"

  /// `names` are those of the files of the folder.
  static func names(_ names: [String]) -> [Violation] {
    let queries = names.filter { $0.hasSuffix(ending) }
    let checks = Set(queries.filter { $0.hasSuffix(checkEnding) })
    let steps = queries.filter { !checks.contains($0) }.sorted()
    let numbering = steps.enumerated().filter { index, name in
      name.prefix(5) != number(index + 1) + "_"
    }.map { violation($1, "the number \(number($0 + 1)) was expected here") }
    let wanted = steps.map { "\($0.dropLast(ending.count))\(checkEnding)" }
    let unchecked = zip(steps, wanted).filter { !checks.contains($1) }.map { name, _ in
      violation(name, "no file beside it says what to expect")
    }
    let orphans = checks.subtracting(wanted).sorted().map { violation($0, "it checks nothing") }
    return numbering + unchecked + orphans
  }

  private static func number(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private static func violation(_ name: String, _ reason: String) -> Violation {
    Violation(path: "Migrations/\(name)", reason)
  }
}
