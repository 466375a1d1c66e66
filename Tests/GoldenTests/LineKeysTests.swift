import Base
import Rating
import TestSupport
import Testing

/// Payments, credits, disputes and corrections name a line by its key: no two lines of a document
/// may have the same one, whatever clauses, assets, bands, grants and activities are called.
struct LineKeysTests {
  private static let names = [
    "a", "b", "a/b", "b/a", "a@2026-01-11", "hours", "cycles", "a/hours", "document", "minimum",
    "document/minimum", "goodwill", "goodwill/1", "correction", "bought", "a/bought/a", "otherwise",
    "banked", "cut", "retained", "2026-01-01", "~", "[\"a\"]", "@1", "a@b", "@", "a@2026-01",
  ]
  private static let assets = ["a", "b", "hours", "bought", "otherwise", "2026-01-01", "retained"]

  @Test("names that would make two keys one are refused, and all others make different keys")
  func randomNames() throws {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    var (ratedCount, lineCount) = (0, 0)
    for _ in 0..<3000 {
      let clauses = (0..<random.number(2...4)).map { _ in Self.clause(&random) }
      let assets = Array(Self.assets.shuffled(using: &random).prefix(2))
      // What the agreement refuses cannot be rated.
      guard
        let contract = try? RatedContract(
          JSON.array(clauses).text, from: "2026-01", assets: assets,
          invoicing: ["minimum": "50.00", "maximum": "9000.00"])
      else { continue }
      var sample = contract
      for month in ["2026-01", "2026-02"] { try sample.show("m", "12.5", in: month) }
      // What shows nothing for one of the assets cannot be rated either.
      guard let months = try? sample.months(through: "2026-02") else { continue }
      for month in months {
        let keys = month.lines.map(\.key)
        #expect(
          Set(keys).count == keys.count, "\(JSON.array(clauses).text) for \(assets): \(keys)")
        lineCount += keys.count
      }
      ratedCount += 1
    }
    print("line keys: \(ratedCount) contracts, \(lineCount) lines")
    #expect(ratedCount > 100)
  }

  private static func clause(_ random: inout SeededRandom) -> JSON {
    func name() -> JSON { .string(random.pick(names)) }
    let (first, second, flag) = (name(), name(), JSON.bool(random.chance(40)))
    var members: [JSON.Member] = [.init("key", name()), .init("perAsset", flag)]
    let price: JSON = ["model": "perUnit", "rate": "1.00"]
    switch random.number(0...6) {
    case 0: members += [.init("kind", "flatFee"), .init("amount", "10.00")]
    case 1: members += [.init("kind", "percentage"), .init("meter", "m"), .init("rate", "3.00")]
    case 2:
      let times: JSON = [["from": "07:00", "until": "20:00"]]
      members += [
        .init("kind", "timeOfDay"), .init("meter", "m"), .init("otherwise", price),
        .init("bands", [["name": first, "times": times, "price": price]]),
      ]
    case 3:
      let grants: JSON = [
        ["name": first, "amount": "5.00", "from": "2026-01", "bought": "2026-01"],
        ["name": second, "amount": "5.00", "from": "2026-01", "bought": "2026-01"],
      ]
      members += [.init("kind", "prepaidCredit"), .init("grants", grants)]
    case 4:
      let activities: JSON = [
        ["key": first, "name": "A", "perUnit": ["meter": "m", "rate": "9.50"]],
        ["key": second, "name": "B", "perUnit": ["meter": "m", "rate": "9.50"]],
      ]
      members += [
        .init("kind", "coCreationCredit"), .init("activities", activities),
        .init("capPercent", "5"), .init("bankMonths", 6),
      ]
    case 5:
      members += [
        .init("kind", "recurringFee"), .init("amount", "3.00"), .init("every", "week"),
      ]
    default: members += [.init("kind", "usageCharge"), .init("meter", "m"), .init("price", price)]
    }
    return .object(members)
  }

  /// Names, and the member that is refused.
  private static let refused: [(String, String)] = [
    (#"{"key":"e/hours","kind":"flatFee","amount":1}"#, "/clauses/0/key"),
    (#"{"key":"c@2026-01-11","kind":"flatFee","amount":1}"#, "/clauses/0/key"),
    (#"{"key":"document","kind":"flatFee","amount":1}"#, "/clauses/0/key"),
    (#"{"key":"goodwill","kind":"flatFee","amount":1}"#, "/clauses/0/key"),
    (#"{"key":"correction","kind":"flatFee","amount":1}"#, "/clauses/0/key"),
    (
      #"{"key":"c","kind":"prepaidCredit","grants":[{"name":"a/b","amount":1,"from":"2026-01"}]}"#,
      "/clauses/0/grants/0/name"
    ),
    (
      """
      {"key":"c","kind":"coCreationCredit","activities":[{"key":"paid","name":"A",\
      "perUnit":{"meter":"m","rate":1}}]}
      """, "/clauses/0/activities"
    ),
  ]

  @Test(
    "a name that stands between the parts of a key is refused where it is agreed", arguments: 0..<7)
  func refusals(place: Int) throws {
    let (clause, pointer) = Self.refused[place]
    let faults = #expect(throws: Faults.self) {
      try RatedContract("[\(clause)]", from: "2026-01")
    }
    #expect(faults?.list.map(\.pointer) == [pointer])
  }
}
