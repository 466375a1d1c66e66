import Testing

@Suite struct WriteRulesTests {
  @Test func `everything that writes goes through the store`() {
    #expect(report(SourceTree.package.sources.flatMap(WriteRules.words)) == "")
  }

  @Test(arguments: [
    "try store.pool.write { db in", "try await pool.write(load)",
    "try desk.store.pool.writeWithoutTransaction { db in",
    "try pool.barrierWriteWithoutTransaction {",
  ])
  func `a way past it is caught`(line: String) {
    let file = SourceFile(path: "Sources/Edge/SQLite/A.swift", text: "import GRDB\n\(line)\n")
    #expect(!WriteRules.words(file).isEmpty)
  }
}
