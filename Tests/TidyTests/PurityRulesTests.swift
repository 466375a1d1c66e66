import Testing

@Suite struct PurityRulesTests {
  @Test func `Core is pure`() {
    let core = SourceTree.package.swift(under: "Sources/Core")
    #expect(core.count > 30)
    #expect(report(core.flatMap(PurityRules.words)) == "")
  }

  @Test(arguments: [
    "import Foundation", "package import Foundation", "let a = Date()", "UUID().uuidString",
    "let a: Double = 1", "a.map(Float.init)", "Task { b }", "func a() async {", "await a()",
    "print(a)", #""\(Date())""#, "var random = SystemRandomNumberGenerator()",
  ])
  func `an effect is caught`(line: String) {
    let file = SourceFile(path: "Sources/Core/Base/A.swift", text: "import Base\n\(line)\n")
    #expect(PurityRules.words(file).map(\.line) == [2])
  }

  @Test(arguments: [
    "// Foundation's Date() is a Double.", "/// print(a)", #"let a = "async""#,
    "CivilDate(year: 1, month: 1, day: 1)", "let doubled = 2", "blueprint(a)", "taskForce",
  ])
  func `what only looks like one is not`(line: String) {
    let file = SourceFile(path: "Sources/Core/Base/A.swift", text: line)
    #expect(PurityRules.words(file).isEmpty)
  }
}
