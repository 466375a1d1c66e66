import Testing

@Suite struct LinkRulesTests {
  private let tree = SourceTree.package

  @Test func `every link leads to a file`() {
    let documents = tree.files.filter { $0.path.hasSuffix(".md") }
    #expect(documents.count > 40)
    let paths = Set(tree.paths)
    #expect(report(documents.flatMap { LinkRules.links($0, paths) }) == "")
  }

  @Test(arguments: [
    ("[a](b.md)", true), ("[a](../Sources/A.swift#x)", true), ("[a](https://a.b/c)", true),
    ("[a](#here)", true), ("```\n[a](nothing)\n```", true), ("[a](missing.md)", false),
    ("[a](../b.md)", false),
  ])
  func `a link that leads nowhere is caught`(text: String, isGood: Bool) {
    let file = SourceFile(path: "Documentation/a.md", text: text)
    let paths: Set = ["Documentation/b.md", "Sources/A.swift"]
    #expect(LinkRules.links(file, paths).isEmpty == isGood)
  }

  /// Somebody who follows one event reads no more than fifteen files.
  @Test func `the way of an event is fifteen files`() throws {
    let page = try #require(tree.files.first { $0.path == "Documentation/Architecture.md" })
    let rows = page.lines.filter { $0.hasPrefix("| ") && $0.contains("](../Sources/") }
      .filter { $0.dropFirst(2).first?.isNumber == true }
    #expect((10...15).contains(rows.count))
  }
}
