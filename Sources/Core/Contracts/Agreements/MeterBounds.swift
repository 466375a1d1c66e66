package import Base

/// The most that a meter can plausibly show. What is beyond a bound is counted all the same, and
/// holds the draft that it is billed by until somebody releases it.
package struct MeterBounds: Hashable, Sendable {
  /// Of one event, whichever its sign; in the unit of the meter. Nil for any.
  package let value: Fixed?
  /// Of one asset in an hour, in the unit of the meter; nil for any, or for the hour itself where
  /// the meter measures time.
  package let perAssetHour: Fixed?
  /// Whether events may be equal in all but source and id.
  package let equalEvents: EqualEvents?

  package enum EqualEvents: String, CaseIterable, Sendable {
    /// They are likely one event that came under several ids: they hold the draft.
    case hold
    /// Each is one by itself.
    case count
  }

  package init(
    value: Fixed? = nil, perAssetHour: Fixed? = nil, equalEvents: EqualEvents? = nil
  ) {
    self.value = value
    self.perAssetHour = perAssetHour
    self.equalEvents = equalEvents
  }

  package static let none = MeterBounds()

  /// These, and those of `other` where nothing is said here.
  package func or(_ other: MeterBounds) -> MeterBounds {
    MeterBounds(
      value: value ?? other.value, perAssetHour: perAssetHour ?? other.perAssetHour,
      equalEvents: equalEvents ?? other.equalEvents)
  }
}

extension MeterBounds {
  package static func read(_ node: Node) throws(Faults) -> MeterBounds {
    var fields = try FieldReader(node)
    let bounds = MeterBounds(&fields)
    guard fields.isValid else { throw fields.failure }
    return bounds
  }

  init(_ fields: inout FieldReader) {
    value = fields.optional("value", MeterBounds.bound(upTo: 1_000_000_000_000, places: 6))
    perAssetHour = fields.optional(
      "perAssetHour", MeterBounds.bound(upTo: 1_000_000_000, places: 3))
    equalEvents = fields.optional("equalEvents", Node.word)
  }

  /// Small enough for what a year of it comes to in the finest meter.
  private static func bound(
    upTo most: Int128, places: Int
  ) -> (Node) throws(Fault) -> Fixed {
    { (node) throws(Fault) in
      let bound = try Node.nonNegative(node)
      guard bound.units > 0, bound.places <= places,
        bound.units <= most * Rounding.powerOfTen(bound.places)
      else { throw node.fault("a positive decimal of at most \(places) places, up to \(most)") }
      return bound
    }
  }

  package var members: [JSON.Member] {
    [
      value.map { .init("value", .decimal($0)) },
      perAssetHour.map { .init("perAssetHour", .decimal($0)) },
      equalEvents.map { .init("equalEvents", .string($0.rawValue)) },
    ].compactMap(\.self)
  }
}
