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
    #expect(meter.aggregation == .sum(try SumTerms(value: "/n")))
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
      ["invalid_value /places", "invalid_value /value"]
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
    ("7", ["invalid_value "]),
  ]

  @Test(arguments: unsound)
  func tellsEveryFaultWithItsPlace(text: String, expected: [String]) {
    let found = faults { try Self.read(text) }
    #expect(found.map { "\($0.code.rawValue) \($0.pointer)" } == expected)
  }
}
