import Testing

@Suite struct WordRulesTests {
  private let tree = SourceTree.package

  @Test func `nothing is left to do in a comment`() {
    #expect(tree.files.count > 100)
    #expect(report(tree.files.flatMap(WordRules.reminders)) == "")
  }

  @Test func `no file knows the machine it was written on`() {
    #expect(report(tree.files.flatMap(WordRules.folders)) == "")
  }

  @Test(arguments: WordRules.reminders)
  func `a reminder is caught`(word: String) {
    for text in ["// \(word): later", "\(word)", "- [ ] (\(word))"] {
      let file = SourceFile(path: "a.md", text: "a\n\(text)\n")
      #expect(WordRules.reminders(file).map(\.line) == [2])
    }
    let file = SourceFile(path: "a.md", text: "\(word)S_OF_LIFE, MY\(word)")
    #expect(WordRules.reminders(file).isEmpty)
  }

  @Test(arguments: WordRules.folders)
  func `a folder of one machine is caught`(folder: String) {
    for text in ["see \(folder)x", "\"\(folder)x\"", "\(folder)x", "file:\(folder)x"] {
      let file = SourceFile(path: "a.md", text: "a\n\(text)\n")
      #expect(WordRules.folders(file).map(\.line) == [2])
    }
    for text in ["https://example.org\(folder)x", "./a\(folder)x", "/v1\(folder)"] {
      #expect(WordRules.folders(SourceFile(path: "a.md", text: text)).isEmpty)
    }
  }
}
