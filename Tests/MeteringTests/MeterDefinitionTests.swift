import Base
import Metering
import TestSupport
import Testing

struct MeterDefinitionTests {
  static func read(_ text: String) throws -> MeterDefinition {
    try MeterDefinition(Node(JSON(parsing: Array(text.utf8))), key: MeterKey("m"))
  }

  @Test(arguments: [
    #"{"aggregation":"count","eventTypes":["flight.completed"],"unit":"cycles"}"#,
    #"{"aggregation":"count","eventTypes":[],"unit":"x"}"#,
    """
    {"aggregation":"sum","eventTypes":["flight.completed","ground.run"],"unit":"s",\
    "value":"/engineSeconds","places":3,"allowsNegative":true}
    """,
  ])
  func writesBackTheDocumentItRead(text: String) throws {
    let meter = try Self.read(text)
    #expect(meter.json.text == text)
    #expect(try MeterDefinition(Node(meter.json), key: meter.key) == meter)
  }

  @Test func aSumHasNoPlacesAndNoNegativesUnlessItSaysSo() throws {
    let meter = try Self.read(
      #"{"aggregation":"sum","eventTypes":["a"],"unit":"s","value":"/n"}"#)
    #expect(meter.aggregation == .sum(try NumberTerms(value: "/n")))
    #expect(meter.places == 0)
  }

  static let unsound: [(String, [String])] = [
    ("{}", ["missing_field /aggregation", "missing_field /eventTypes", "missing_field /unit"]),
    (
      #"{"aggregation":"average","eventTypes":["",7],"unit":"a unit with too long a name"}"#,
      [
        "invalid_value /aggregation", "invalid_value /eventTypes/0",
        "invalid_value /eventTypes/1", "invalid_value /unit",
      ]
    ),
    (#"{"aggregation":"sum","eventTypes":["a"],"unit":"s"}"#, ["missing_field /value"]),
    (
      #"{"aggregation":"sum","eventTypes":["a"],"unit":"s","value":"n","places":10}"#,
      ["invalid_value /value", "invalid_value /places"]
    ),
    (
      #"{"aggregation":"sum","eventTypes":["a"],"unit":"s","value":"/a~2"}"#,
      ["invalid_value /value"]
    ),
    // A count reads no value out of the data.
    (
      #"{"aggregation":"count","eventTypes":["a"],"unit":"s","value":"/n"}"#,
      ["unknown_field /value"]
    ),
    (
      #"{"aggregation":"stateTime","eventTypes":["a"],"unit":"x","value":"/s","groupBy":["/g"]}"#,
      ["missing_field /heartbeatTimeoutSeconds", "missing_field /states"]
    ),
    (
      """
      {"aggregation":"stateTime","eventTypes":["a"],"unit":"x","value":"/s","groupBy":["/g"],\
      "heartbeatTimeoutSeconds":60,"states":[{"is":1,"class":"up","loss":"0.1"},\
      {"is":[],"class":"lost"}]}
      """,
      [
        "invalid_value /states/0/loss", "invalid_value /states/1/is",
        "invalid_value /states/1/class",
      ]
    ),
    (
      """
      {"aggregation":"duration","eventTypes":["a"],"unit":"x","start":"/s","length":"/l",\
      "where":[{"at":"/s","is":1,"exists":true}],"convert":{"to":"h","factor":"1/0"}}
      """,
      [
        "invalid_value /where/0/at", "invalid_value /convert/factor", "invalid_value /start",
        "invalid_value /unit",
      ]
    ),
    (
      """
      {"aggregation":"count","eventTypes":["a"],"unit":"x",\
      "convert":{"to":"h","factor":2,"when":"before","rounding":"up"}}
      """, ["invalid_value /convert"]
    ),
    ("7", ["invalid_value "]),
  ]

  @Test(arguments: unsound)
  func tellsEveryFaultWithItsPlace(text: String, expected: [String]) {
    let found = faults { try Self.read(text) }
    #expect(found.map { "\($0.code.rawValue) \($0.pointer)" } == expected)
  }
}
