import Base
import Contracts
import Testing

struct AssetTests {
  /// An engine that served one contract, then another, and still does.
  static let document = """
    {"name":"CFM56 at 9E","assignments":[\
    {"contract":"c-1","from":"2013-01-01T05:00:00Z","until":"2013-06-01T04:00:00Z"},\
    {"contract":"c-2","slot":"engine 1","from":"2013-06-01T04:00:00Z"}]}
    """

  @Test(arguments: [document, #"{"assignments":[]}"#])
  func writesBackTheDocumentItRead(text: String) throws {
    let asset: Asset = try read(text)
    #expect(asset.json.text == text)
    #expect(try Asset(Node(asset.json), key: asset.key) == asset)
  }

  /// A moment, and the contract the asset serves then.
  @Test(arguments: [
    ("2013-01-01T04:59:59Z", nil), ("2013-01-01T05:00:00Z", "c-1"),
    ("2013-06-01T03:59:59.999999Z", "c-1"), ("2013-06-01T04:00:00Z", "c-2"),
    ("2999-01-01T00:00:00Z", "c-2"),
  ])
  func servesOneContractAtATime(moment: String, contract: String?) throws {
    let asset: Asset = try read(Self.document)
    #expect(asset.contract(at: try #require(Instant(moment)))?.text == contract)
  }

  /// From and until of two assignments, and whether both can be, in that order: an asset
  /// serves one contract at a time.
  @Test(arguments: [
    ("2013-01-01", "2013-02-01", "2013-02-01", "2013-03-01", true),
    ("2013-02-01", "2013-03-01", "2013-01-01", "2013-02-01", false),
    ("2013-01-01", "2013-02-02", "2013-02-01", "2013-03-01", false),
    ("2013-02-01", "2013-03-01", "2013-01-01", "2013-02-02", false),
    ("2013-01-01", "2013-03-01", "2013-01-01", "2013-03-01", false),
    ("2013-01-01", "2014-01-01", "2013-02-01", "2013-03-01", false),
    ("2013-01-01", nil, "2013-02-01", nil, false), ("2013-02-01", nil, "2013-01-01", nil, false),
    ("2013-01-01", "2013-02-01", "2013-02-01", nil, true),
    ("2013-01-01", nil, "2013-02-01", "2013-03-01", false),
  ])
  func refusesAssignmentsThatOverlap(
    firstFrom: String, firstUntil: String?, secondFrom: String, secondUntil: String?, fits: Bool
  ) throws {
    func assignment(_ from: String, _ until: String?) -> String {
      let end = until.map { #","until":"\#($0)T00:00:00Z""# } ?? ""
      return #"{"contract":"c","from":"\#(from)T00:00:00Z"\#(end)}"#
    }
    let list = "\(assignment(firstFrom, firstUntil)),\(assignment(secondFrom, secondUntil))"
    let found = faultTexts(of: #"{"assignments":[\#(list)]}"#, as: Asset.self)
    #expect(found == (fits ? [] : ["invalid_value /assignments"]))
  }

  @Test func findsAnOverlapAmongMany() {
    let months = (1...5).map {
      """
      {"contract":"c","from":"2013-0\($0)-01T00:00:00Z","until":"2013-0\($0 + 1)-01T00:00:00Z"}
      """
    }
    let overlap = #"{"contract":"c","from":"2013-03-31T00:00:00Z","until":"2013-04-02T00:00:00Z"}"#
    func document(_ list: [String]) -> String {
      #"{"assignments":[\#(list.joined(separator: ","))]}"#
    }
    #expect(faultTexts(of: document(months), as: Asset.self) == [])
    #expect(
      faultTexts(of: document(months[..<3] + [overlap] + months[3...]), as: Asset.self)
        == ["invalid_value /assignments"])
  }

  static let unsound: [(String, [String])] = [
    ("{}", ["missing_field /assignments"]),
    (#"{"name":"","assignments":{}}"#, ["invalid_value /name", "invalid_value /assignments"]),
    (
      #"{"assignments":[{},{"contract":"a b","from":"today","until":1,"to":2}]}"#,
      [
        "missing_field /assignments/0/contract", "missing_field /assignments/0/from",
        "invalid_value /assignments/1/contract", "invalid_value /assignments/1/from",
        "invalid_value /assignments/1/until", "unknown_field /assignments/1/to",
      ]
    ),
    // An assignment that ends before, or when, it starts.
    (
      """
      {"assignments":[{"contract":"c","from":"2013-02-01T00:00:00Z","until":"2013-01-01T00:00:00Z"},
       {"contract":"c","from":"2013-03-01T00:00:00Z","until":"2013-03-01T00:00:00Z"}]}
      """,
      ["invalid_value /assignments/0/until", "invalid_value /assignments/1/until"]
    ),
    (
      #"{"assignments":["c"],"serial":"x"}"#,
      ["invalid_value /assignments/0", "unknown_field /serial"]
    ),
  ]

  @Test(arguments: unsound)
  func tellsEveryFaultWithItsPlace(text: String, expected: [String]) {
    #expect(faultTexts(of: text, as: Asset.self) == expected)
  }
}
