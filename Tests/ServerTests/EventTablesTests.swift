import Access
import Base
import NIOHTTP1
import Server
import TestSupport
import Testing

@Suite("Events as the rows of a table")
struct EventTablesTests {
  static let mapping = """
    {"source": {"constant": "//table"}, "id": {"columns": ["number"]}, \
    "type": {"constant": "flown"}, "subject": {"column": "tail"}, "time": {"column": "at"}, \
    "data": {"seconds": {"column": "sec ö", "kind": "number"}, \
    "cycles": {"column": "number", "kind": "number"}}}
    """

  private func send(
    _ text: String, to service: TestService, _ mapping: String? = mapping
  ) async throws -> Answer {
    try await service.client(.device).send(
      .POST, "/v1/events", .bytes(Array(text.utf8)), type: "text/csv; charset=utf-8",
      headers: mapping.map { [("Usance-Mapping", $0)] } ?? [])
  }

  @Test("Rows count once, bad ones are refused alone, by their lines")
  func rows() async throws {
    try await TestService.run { service in
      try await service.agree()
      let text = """
        number,tail,at,sec ö
        1,N1,2013-01-05T08:00:00Z,90
        2,N1,2013-01-05T08:00:00Z,"1,5"
        "3",N1,2013-01-05T09:00:00Z,60

        4,N404,2013-01-05T09:00:00Z,60
        """
      let answer = try await send(text, to: service)
      #expect(answer["accepted"] == 3, "\(answer.text)")
      #expect(answer["rejected"] == 1)
      #expect(answer["unmatched"] == 1)
      let pointers = answer["notices"]?.elements?.map { $0["pointer"]?.stringValue ?? "" }
      #expect(pointers == ["/2/data/seconds", "/5/subject"])
      let again = try await send(text, to: service)
      #expect(again["duplicate"] == 3)
      #expect(try service.eventCount() == 3)
    }
  }

  @Test("What is wrong with the table or its mapping is said")
  func mistakes() async throws {
    try await TestService.run { service in
      try await service.agree()
      let good = "number,tail,at,sec ö\n1,N1,2013-01-05T08:00:00Z,90\n"
      let table: [(String, String?, Int, String)] = [
        (good, nil, 422, "missing_field"), (good, "{", 400, "malformed_json"),
        (good, "{}", 422, "missing_field"), (good, #"{"source": 1}"#, 422, "invalid_value"),
        ("number,tail,at\n", Self.mapping, 422, "unknown_reference"),
        ("number,tail,at,sec ö\n\"1", Self.mapping, 400, "malformed_document"),
        ("number,tail,at,sec ö\n1\"", Self.mapping, 400, "malformed_document"),
        ("number,tail,at,sec ö\n1,N1,soon,90\n", Self.mapping, 422, "invalid_value"),
      ]
      for (text, mapping, status, code) in table {
        let answer = try await send(text, to: service, mapping)
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer["code"]?.stringValue == code, "\(answer.text)")
      }
      #expect(try service.eventCount() == 0)
    }
  }
}
