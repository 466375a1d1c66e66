import Base
import Hummingbird
import Storage

extension Handlers {
  /// The log, with what has become of each event; nothing a device sent is ever out of sight.
  static func listEvents(_ call: Call) throws -> Response {
    let query = try Query(call, allowing: "status", "subject", "cursor", "limit")
    let page = try Page(query)
    let events = try call.services.events.list(
      status: try query.optional("status", Node.word), subject: query.text("subject"),
      after: page.position { Int64($0) } ?? 0, limit: page.limit)
    return try page.answer(events, call, position: { String($0.sequence) }, json: { try $0.json() })
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
