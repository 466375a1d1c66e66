import Base
import TestSupport
import Testing
import YAML

struct YAMLWriterTests {
  /// As a person would write it.
  @Test func aDocumentIsGoodToRead() throws {
    let document: JSON = [
      "customers": ["9E": ["name": "Endeavor Air"], "true": ["name": "Café: the \"first\""]],
      "contracts": [
        "acme": [
          "from": "2013-01-01", "slots": ["engine 1", "engine 2"], "catchUp": true,
          "clauses": [
            ["key": "a", "rate": "180.00", "table": [["at": "1", "factor": "1.235"]]],
            ["key": "b", "tags": []],
          ],
        ]
      ], "assets": .object([]),
    ]
    #expect(
      YAMLWriter.text(of: document) == """
        customers:
          "9E": {name: Endeavor Air}
          "true": {name: "Café: the \\"first\\""}
        contracts:
          acme:
            from: 2013-01-01
            slots: [engine 1, engine 2]
            catchUp: true
            clauses:
              - key: a
                rate: "180.00"
                table:
                  - {at: "1", factor: "1.235"}
              - {key: b, tags: []}
        assets: {}

        """)
  }

  /// Whatever is written is read back as it was; only a byte order mark at the start of a text is
  /// lost on Yams.
  @Test func everyTreeComesBack() throws {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    for _ in 0..<2_000 {
      let json = JSON.object([JSON.Member("v", Self.tree(&random, depth: 0))])
      let text = YAMLWriter.text(of: json)
      let again = try? YAMLDocument(text).json
      try #require(again == json, "\(text)\n\(json.text)")
    }
  }

  private static let words = [
    "", " ", "a", "a b", "a:", "a: b", "a #b", "#a", "- a", "-", "null", "Yes", "~", "1", "1.50",
    "-1", "1e3", "0x1F", "2013-01-01", "2013-01", "9E", "a,b", "[a]", "{a}", "*a", "&a", "!a", "%a",
    "@a", "`a`", "'a'", "\"a\"", "a\nb", "a\tb", "\\", "\u{1}", "\u{7F}", "\u{85}", "\u{2028}",
    "a\u{FEFF}", "é", "😀", "a ", "a/b~c", "=", "<<", "?", "? a", "|", ">", "a...", "...", "---",
  ]

  private static func tree(_ random: inout SeededRandom, depth: Int) -> JSON {
    switch random.number(0...(depth < 4 ? 7 : 4)) {
    case 0: return .null
    case 1: return .bool(random.chance(50))
    case 2: return .number(random.pick(["0", "-1.50", "12345678901234567890.0", "1e9"]))
    case 3, 4: return .string(random.pick(words))
    case 5:
      return .array((0..<random.number(0...3)).map { _ in tree(&random, depth: depth + 1) })
    default:
      let names = Set((0..<random.number(0...4)).map { _ in random.pick(words) }).sorted()
      return .object(names.map { JSON.Member($0, tree(&random, depth: depth + 1)) })
    }
  }
}
