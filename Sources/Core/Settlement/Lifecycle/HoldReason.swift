package import Base
package import Rating

/// Something about a draft that a person must look at. Most reasons hold it: it gets no number
/// until somebody has released it. A reason with other figures is another one.
package struct HoldReason: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    /// A single event shows more than the bound of its meter.
    case valueBeyondBound = "value_beyond_bound"
    /// An asset shows more in some time than an hour of it can hold.
    case rateBeyondBound = "rate_beyond_bound"
    /// Events are equal in all but source and id.
    case equalEvents = "equal_events"
    /// Events carry a value that the meter cannot take.
    case unreadableValue = "unreadable_value"
    /// Events of a type that the meter reads carry no value for it. This does not hold the draft.
    case noValue = "no_value"
    /// A meter that has shown something before has seen nothing in the period. This holds a draft
    /// that comes to nothing else: no numbered zero rests on silence.
    case silentMeter = "silent_meter"
    /// Goodwill takes off more than there is of the invoice.
    case goodwillBelowZero = "goodwill_below_zero"
    /// Usage comes to many times what it came to before.
    case jump
  }

  package let kind: Kind
  /// Whether it keeps the draft from being finalised.
  package let holds: Bool
  /// A sentence for people, with the figures.
  package let detail: String
  package let meter: String?
  package let clause: String?
  /// Some of the events that it rests on, the first of them in order.
  package let events: [Evidence.Reference]
  /// How many there are in all.
  package let count: Int

  /// More examples than these tell nobody more.
  package static let eventsMax = 5

  package init(
    _ kind: Kind, _ detail: String, holds: Bool = true, meter: String? = nil,
    clause: String? = nil, events: [Evidence.Reference] = [], count: Int = 0
  ) {
    self.kind = kind
    self.holds = holds
    self.detail = detail
    self.meter = meter
    self.clause = clause
    self.events = events
    self.count = count
  }

  /// `code` is the name of the kind.
  package var json: JSON {
    .object([
      "code": .string(kind.rawValue), "detail": .string(detail), "holds": .bool(holds),
      "meter": meter.map(JSON.string), "clause": clause.map(JSON.string),
      "events": events.isEmpty ? nil : .array(events.map(\.json)),
      "count": count == 0 ? nil : .integer(count),
    ])
  }

  /// Reads what `json` writes.
  package init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let kind: Kind? = fields.required("code", Node.word)
    let detail = fields.required("detail", Node.text)
    let holds = fields.required("holds", Node.flag)
    let meter = fields.optional("meter", Node.text)
    let clause = fields.optional("clause", Node.text)
    let events = fields.optional(
      "events",
      all: Node.list(of: Evidence.Reference.init(_:), countMax: HoldReason.eventsMax))
    let count = fields.optional("count", Node.integer(in: 0...Int.max))
    guard fields.isValid, let kind, let detail, let holds else { throw fields.failure }
    self.init(
      kind, detail, holds: holds, meter: meter, clause: clause, events: events ?? [],
      count: count ?? 0)
  }
}

extension [HoldReason] {
  /// Those that hold the draft although `released` were released.
  package func holding(released: [HoldReason]) -> [HoldReason] {
    let released = Set(released)
    return filter { $0.holds && !released.contains($0) }
  }
}

extension Evidence.Reference {
  fileprivate init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let source = fields.required("source", Node.text)
    let id = fields.required("id", Node.text)
    let time = fields.required("time", Node.instant)
    guard fields.isValid, let source, let id, let time else { throw fields.failure }
    self.init(source: source, id: id, occurred: time)
  }
}
