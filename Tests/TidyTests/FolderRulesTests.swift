import Testing

@Suite struct FolderRulesTests {
  @Test func `no folder of sources has over 25 files`() {
    #expect(report(FolderRules.files(in: SourceTree.package.sources)) == "")
  }

  @Test(arguments: [(25, false), (26, true)])
  func `a full folder is caught`(count: Int, isCaught: Bool) {
    let files = (0..<count).map { SourceFile(path: "Sources/Core/Base/A\($0).swift", text: "") }
    let beside = SourceFile(path: "Sources/Core/Base/Time/B.swift", text: "")
    #expect(FolderRules.files(in: files + [beside]).isEmpty == !isCaught)
  }
}
