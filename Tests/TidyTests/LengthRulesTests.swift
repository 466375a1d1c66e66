import Testing

@Suite struct LengthRulesTests {
  private let tree = SourceTree.package

  @Test func `no line is over 100 columns`() {
    #expect(report(tree.swift.flatMap(LengthRules.columns)) == "")
  }

  @Test func `no function is over 70 lines`() {
    #expect(report(tree.swift.flatMap(LengthRules.functions)) == "")
  }

  @Test func `no file is over 400 lines, no test over 800`() {
    #expect(report(tree.swift.flatMap(LengthRules.lines)) == "")
  }

  @Test func `half of the sources are at most 100 lines`() {
    let sources = tree.sources
    #expect(sources.count > 50)
    #expect(LengthRules.medianLines(of: sources) <= LengthRules.sourceLinesMedianMax)
  }

  // MARK: Each rule catches what it is for

  @Test(arguments: [(100, []), (101, [2])])
  func `a long line is caught`(columns: Int, lines: [Int]) {
    for letter in ["x", "é", "→"] {
      let line = String(repeating: letter, count: columns)
      let file = SourceFile(path: "Sources/A.swift", text: "\n\(line)\n")
      #expect(LengthRules.columns(file).map(\.line) == lines)
    }
  }

  @Test(arguments: [
    "func f() {", "init(a: Int = g({ 1 })) {", "init?<T>() where T: P {", "deinit {",
    "subscript(a: Int) -> B {", "func f(\n) -> [A] {", "@A func `a } b`() async throws {",
    "func f() // }\n{", "static func == (a: A, b: A) -> Bool {",
  ])
  func `a long function is caught`(head: String) {
    let headLines = head.split(separator: "\n").count
    for (lines, isCaught) in [(70, false), (71, true)] {
      let body = String(repeating: "  if a { b(\"}\\(c { d })\") }\n", count: lines - headLines - 1)
      let text = "struct A {\n\(head)\n\(body)}\n}\n"
      let file = SourceFile(path: "Sources/A.swift", text: text)
      #expect(LengthRules.functions(file).map(\.line) == (isCaught ? [2] : []))
    }
  }

  @Test(arguments: [
    "protocol P {\n  func f()\n  init()\n}\n",
    "struct P {\n  let a = A.init(1)\n  let b = c.map(D.init)\n}\n",
    "protocol P {\n  func f() -> A\n  var b: B { get }\n}\n",
  ])
  func `what has no body is no function`(head: String) {
    let rest = "struct Q {\n\(String(repeating: "  let a = 1\n", count: 100))}\n"
    let file = SourceFile(path: "Sources/A.swift", text: head + rest)
    #expect(LengthRules.functions(file).isEmpty)
  }

  @Test(arguments: [
    ("Sources/A.swift", 400, false), ("Sources/A.swift", 401, true), ("Package.swift", 401, true),
    ("Tests/ATests/A.swift", 800, false), ("Tests/ATests/A.swift", 801, true),
  ])
  func `a long file is caught`(path: String, lines: Int, isCaught: Bool) {
    let file = SourceFile(path: path, text: String(repeating: "\n", count: lines))
    #expect(LengthRules.lines(file).isEmpty == !isCaught)
  }

  @Test(arguments: [([1, 300, 2], 2), ([9], 9), ([1, 2, 3, 4], 2), ([], 0)])
  func `the median is the one in the middle`(lines: [Int], median: Int) {
    let files = lines.map { SourceFile(path: "A", text: String(repeating: "a\n", count: $0)) }
    #expect(LengthRules.medianLines(of: files) == median)
  }
}
