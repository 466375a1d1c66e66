import Access
import Base
import Hummingbird
import Metering
import Services
import Workflow

extension Handlers {
  /// The log, with what has become of each event; nothing a device sent is ever out of sight.
  /// A device sees those of its own sources alone, and has to say which.
  static func listEvents(_ call: APICall) throws -> Response {
    let query = Query(call)
    let page = try Page(query)
    if query.text("invoice") != nil || query.text("line") != nil {
      if let refusal = call.caller?.refusal(of: .call(anyOf: [.readEvents])) { throw refusal }
      return try listLineEvents(query, page, call)
    }
    let refusal = call.caller?.refusal(
      ofEventWith: query.text("source"), query.text("subject"), anyOf: TokenScope.reading)
    if let refusal {
      let name = refusal.pointer.dropFirst()
      throw Fault(
        refusal.code,
        name.isEmpty ? refusal.detail : "query parameter `\(name)`: \(refusal.detail)")
    }
    let start = try query.optional("start", Node.instant) ?? .earliest
    let end = try query.optional("end", Node.instant) ?? .latest
    guard start < end else { throw Fault(.invalidValue, "`end` comes after `start`") }
    let filter = EventQuery(
      status: try query.optional("status", Node.word), source: query.text("source"),
      type: query.text("type"), subject: query.text("subject"),
      period: Period(start: start, end: end))
    let after = try page.number()
    let list =
      try query.text("id").map { try one(filter, id: $0, after, page, call) }
      ?? call.services.events.list(filter, after: after, limit: page.limit)
    return try page.answer(
      list.events, next: list.next.map(String.init), call, json: { try $0.json() })
  }

  /// The events that a line of an invoice rests on.
  private static func listLineEvents(_ query: Query, _ page: Page, _ call: APICall) throws
    -> Response
  {
    let others = ["status", "source", "id", "type", "subject", "start", "end"]
    guard !others.contains(where: { query.text($0) != nil }) else {
      throw Fault(.invalidValue, "`invoice` and `line` go with no other filter")
    }
    let list = try call.services.traces.list(
      of: query.required("line", Node.text), in: query.required("invoice", InvoiceKey.read),
      after: page.number(), limit: page.limit)
    return try page.answer(list.events, next: list.next.map(String.init), call) { one in
      let change = one.change.map { JSON.Member("change", .string($0)) }
      return .object(try one.event.members() + [change].compactMap(\.self))
    }
  }

  /// What has that id, if it is wanted otherwise. An id means something only together with its
  /// source.
  private static func one(
    _ filter: EventQuery, id: String, _ after: Int64, _ page: Page, _ call: APICall
  ) throws -> EventList {
    guard let source = filter.source else {
      throw Fault(.missingField, "the query parameter `source` is missing: an id is its sender's")
    }
    var filter = filter
    filter.event = try call.services.commit.find(source: source, id: id)
    guard filter.event != nil else { return EventList() }
    return try call.services.events.list(filter, after: after, limit: page.limit)
  }

  /// One event, with the meters that counted it and the invoice lines that rest on it. Whoever sees
  /// its own events alone is not told of invoices, and of another's event not that it is there.
  static func getEvent(_ call: APICall) throws -> Response {
    let isOfAll = call.caller?.refusal(of: .call(anyOf: [.readEvents])) == nil
    guard let number = call.parameters.get("sequence").flatMap({ Int64($0) }),
      let detail = try call.services.traces.detail(number),
      call.caller?.refusal(
        ofEventWith: detail.event.source, detail.event.content.subject, anyOf: TokenScope.reading)
        == nil
    else { throw Fault(.notFound, "there is no such event") }
    return .json(try detail.json(withLines: isOfAll))
  }
}

extension LoggedEvent {
  fileprivate func json() throws -> JSON { .object(try members()) }

  fileprivate func members() throws -> [JSON.Member] {
    let members: [(String, JSON?)] = [
      ("sequence", .integer(sequence)), ("source", .string(source)), ("id", .string(id)),
      ("type", .string(content.type)), ("subject", content.subject.map(JSON.string)),
      ("time", .text(content.occurred)), ("received", .text(received)),
      ("by", author.map(JSON.string)),
      ("attributes", try attributes.map { try JSON(parsing: Array("{\($0)}".utf8)) }),
      ("data", try content.data.map { try JSON(parsing: Array($0.utf8)) }),
      ("status", .string(status.rawValue)), ("reason", reason.map { .string($0.rawValue) }),
      ("current", try standing?.json()),
    ]
    return members.compactMap { name, value in value.map { JSON.Member(name, $0) } }
  }
}

extension LoggedEvent.Standing {
  fileprivate func json() throws -> JSON {
    .object([
      "correction": .integer(correction), "type": content.map { .string($0.type) },
      "subject": content?.subject.map(JSON.string), "time": content.map { .text($0.occurred) },
      "data": try content?.data.map { try JSON(parsing: Array($0.utf8)) },
    ])
  }
}

extension EventDetail {
  fileprivate func json(withLines: Bool) throws -> JSON {
    let (members, lines) = (try event.members(), withLines ? [invoiceLines] : [])
    return .object(
      members + [
        JSON.Member(
          "counted",
          .array(
            counted.map {
              [
                "meter": .text($0.meter), "value": .text($0.value), "unit": .string($0.unit),
                "hour": .text(Instant(clampingSeconds: $0.hour * 3600)),
              ]
            })),
        JSON.Member(
          "notCounted",
          .array(
            notCounted.map {
              [
                "meter": .text($0.key), "pointer": .string($0.fault.pointer),
                "code": .string($0.fault.code.rawValue), "detail": .string($0.fault.detail),
              ]
            })),
      ] + lines + [JSON.Member("conflicts", .integer(conflicts))])
  }

  private var invoiceLines: JSON.Member {
    JSON.Member(
      "invoiceLines",
      .array(
        lines.map { line in
          .object([
            "invoice": .text(line.invoice), "line": .string(line.line),
            "change": line.change.map(JSON.string),
          ])
        }))
  }
}
