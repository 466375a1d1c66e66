import Testing

@Suite struct SwiftCodeTests {
  @Test(arguments: [
    ("let a = 1 // Date()", "let a = 1          "),
    ("/* Date() */ let a", "             let a"),
    ("/* a /* b */ Date() */ x", "                       x"),
    (#"let a = "Date()" + b"#, #"let a = "      " + b"#),
    (#""a\"Date()" + b"#, #""         " + b"#),
    (#""https://a" + b"#, #""         " + b"#),
    (#""\(Date()) x" + b"#, #"" (Date())  " + b"#),
    (#""\(f("Date()", g(1)))" + b"#, #"" (f("      ", g(1)))" + b"#),
    ("#\"a\"b\\(c)\"# + d", "#\"       \"# + d"),
    ("#\"a\\#(c)\"# + d", "#\"   (c)\"# + d"),
    ("\"\"\"\n  Date() \" \n  \"\"\" + b", "\"\"\"\n           \n  \"\"\" + b"),
    ("func `is print( here`() {", "func `              `() {"),
    ("#if os(Linux) // x", "#if os(Linux)     "),
    ("\"\" + b // x", "\"\" + b     "),
  ])
  func `comments and strings are not code`(text: String, code: String) {
    #expect(SwiftCode.blanking(text) == code)
  }

  @Test func `lines stay where they are`() {
    let text = "a\n/* b\n c */\n// d\nlet e = \"\"\"\n  f\n  \"\"\"\n"
    #expect(
      SwiftCode.blanking(text).map { $0 == "\n" ? "\n" : "." }.joined()
        == text.map { $0 == "\n" ? "\n" : "." }.joined())
  }

  @Test(arguments: [
    ("Date(", "x = Date()", true), ("Date(", "x = CivilDate()", false),
    ("Date(", "x = Foo.Date()", true), ("Task", "Task { }", true), ("Task", "Tasks", false),
    ("Task", "myTask", false), ("async", "async let", true), ("async", "asynchronous", false),
    ("Float", "[Float]", true), ("Float", "Float64", false), ("Double", "Double", true),
    ("print(", "fingerprint(x)", false), ("print(", "Swift.print(x)", true),
  ])
  func `words are whole`(word: String, line: String, isHeld: Bool) {
    #expect(SwiftCode.lines(holding: word, in: "\n\(line)\n") == (isHeld ? [2] : []))
  }
}
