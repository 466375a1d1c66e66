package import Base
import Metering
import Settlement
package import Workflow

/// An event that a line of an invoice rests on.
package struct LineEvent: Sendable {
  package let event: LoggedEvent
  /// Of a correction line: `came`, `changed` or `went` since what it corrects was settled.
  package let change: String?
}

extension EventTraces {
  /// At most `limit` events after the position `after` that a line of an invoice rests on, in the
  /// order of the log, and the position after which the next ones are found. Of a correction line
  /// those alone that came, changed or went; the others are those of the line that it corrects.
  package func list(
    of line: String, in key: InvoiceKey, after: Int64, limit: Int
  ) throws -> (events: [LineEvent], next: Int64?) {
    guard after < .max else { return ([], nil) }
    return try home.read { snapshot in
      let (state, invoice) = (snapshot.agreements, try snapshot.invoice(key))
      var origins = try LineOrigins(invoice)
      guard let found = origins.lines.first(where: { $0["key"] == .string(line) }) else {
        throw Fault(.notFound, "the invoice has no line `\(line.prefix(200))`")
      }
      let origin = try origins.origin(of: found, snapshot)
      let rated = try billing.bases(
        of: invoice.contract, origin.month, RatingContext(state, snapshot))
      guard let basis = try LineBasis(found, origin, of: invoice, rated, state, snapshot) else {
        return ([], nil)
      }
      let query = SubjectEventsQuery(
        subjects: Set(basis.stretches.map(\.subject)), hours: basis.hours, last: basis.last,
        since: basis.since, after: after, limit: limit)
      let (events, next) = try snapshot.events(query) { history -> LineBasis.Change?? in
        let (isPart, change) = basis.holds(history)
        guard isPart, basis.since == nil || change != nil else { return nil }
        return .some(change)
      }
      return (events.map { LineEvent(event: $0.event, change: $0.note?.rawValue) }, next)
    }
  }
}
