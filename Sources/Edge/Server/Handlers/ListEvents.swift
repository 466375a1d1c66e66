import Base
import Hummingbird
import Storage

extension Handlers {
  /// The log, with what has become of each event; nothing a device sent is ever out of sight.
  static func listEvents(_ call: Call) throws -> Response {
    let query = try Query(
      call, allowing: "status", "source", "type", "subject", "from", "until", "cursor", "limit")
    let page = try Page(query)
    let list = try call.services.events.list(
      EventFilter(
        status: try query.optional("status", Node.word), source: query.text("source"),
        type: query.text("type"), subject: query.text("subject"),
        period: Period(
          start: try query.optional("from", Node.instant) ?? .earliest,
          end: try query.optional("until", Node.instant) ?? .latest)),
      after: page.position { Int64($0) } ?? 0, limit: page.limit)
    return try page.answer(
      list.events, next: list.next.map(String.init), call, json: { try $0.json() })
  }
}

extension LoggedEvent {
  fileprivate func json() throws -> JSON {
    .object([
      "sequence": .integer(sequence), "source": .string(source), "id": .string(id),
      "type": .string(type), "subject": subject.map(JSON.string), "time": .text(occurred),
      "received": .text(received),
      "attributes": try attributes.map { try JSON(parsing: Array("{\($0)}".utf8)) },
      "data": try data.map { try JSON(parsing: Array($0.utf8)) },
      "status": .string(status.rawValue), "reason": reason.map { .string($0.rawValue) },
    ])
  }
}
