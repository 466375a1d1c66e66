import Testing

@Suite struct MigrationRulesTests {
  @Test func `migrations are numbered and checked`() {
    let paths = SourceTree.package.paths.filter { $0.hasPrefix("Migrations/") }
    let names = paths.map { String($0.dropFirst("Migrations/".count)) }
    #expect(names.count { $0.hasSuffix(".sql") } >= 8)
    #expect(report(MigrationRules.names(names)) == "")
  }

  @Test(arguments: [
    (["0001_a.sql", "0001_a.expect.sql", "0002_b.sql", "0002_b.expect.sql", "README.md"], []),
    (["0001_a.sql"], ["0001_a.sql"]),
    (["0002_a.sql", "0002_a.expect.sql"], ["0002_a.sql"]),
    (["0001_a.sql", "0001_a.expect.sql", "0003_b.sql", "0003_b.expect.sql"], ["0003_b.sql"]),
    (["0001_a.sql", "0001_a.expect.sql", "0001_b.sql", "0001_b.expect.sql"], ["0001_b.sql"]),
    (["1_a.sql", "1_a.expect.sql"], ["1_a.sql"]),
    (["0001_a.sql", "0001_b.expect.sql"], ["0001_a.sql", "0001_b.expect.sql"]),
  ])
  func `a gap and a missing check are caught`(names: [String], caught: [String]) {
    #expect(MigrationRules.names(names).map(\.path) == caught.map { "Migrations/\($0)" })
  }
}
