import Testing

@Suite struct CycleRulesTests {
  @Test func `no more than four files of a module name each other`() {
    let tree = SourceTree.package
    let modules = Dictionary(grouping: tree.swift.filter { Module(of: $0.path) != nil }) {
      Module(of: $0.path)!.name
    }
    let largest = modules.mapValues { files in
      CycleRules.cycles(in: files).map(\.count).max() ?? 1
    }
    print(
      "Files of a module that name each other, at most:\n"
        + largest.sorted { $0.key < $1.key }.map { "\($0.key.padding(to: 14)) \($0.value)" }
        .joined(separator: "\n"))
    #expect(report(modules.values.flatMap(CycleRules.files).sorted { $0.path < $1.path }) == "")
  }

  @Test(arguments: [(4, false), (5, true)])
  func `a circle is caught`(count: Int, isCaught: Bool) {
    let files = (0..<count).map { number in
      SourceFile(
        path: "Sources/Core/Base/A\(number).swift",
        text: "struct A\(number) {\n  // B\n  let next: A\((number + 1) % count)?\n}\n")
    }
    let beside = SourceFile(path: "Sources/Core/Base/B.swift", text: "struct B { let a: A0 }\n")
    #expect(CycleRules.cycles(in: files + [beside]) == [files.map(\.path)])
    #expect(CycleRules.files(in: files + [beside]).isEmpty == !isCaught)
  }
}
