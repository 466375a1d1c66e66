import Testing

@Suite struct FloorRulesTests {
  @Test func `a folder of the use cases names what sorts before it`() {
    let files = SourceTree.package.swift(under: FloorRules.services)
    #expect(files.count > 30)
    #expect(report(FloorRules.order(in: files)) == "")
  }

  @Test func `a name of a later folder is caught`() {
    let billing = SourceFile(
      path: "Sources/Services/Billing/A.swift", text: "struct Run {\n  let payment: Payment\n}\n")
    let finance = SourceFile(
      path: "Sources/Services/Finance/B.swift",
      text: "package struct Payment: Sendable {\n  let run: Run\n}\n")
    #expect(FloorRules.order(in: [billing, finance]).map(\.line) == [2])
  }

  @Test func `SQL is nowhere but in the engine`() {
    #expect(report(SourceTree.package.sources.flatMap(FloorRules.sql)) == "")
  }

  @Test(arguments: ["Sources/Services/A.swift", "Sources/Edge/Server/A.swift"])
  func `a statement elsewhere is caught`(path: String) {
    let file = SourceFile(path: path, text: "let a = \"SELECT 1\"\n")
    #expect(FloorRules.sql(file).count == 1)
  }
}
