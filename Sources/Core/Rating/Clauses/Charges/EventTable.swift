package import Base

/// Events that a meter counts in a period, which a clause reads one by one.
package struct EventRequest: Hashable, Sendable {
  package let meter: MeterKey
  package let period: Period
  /// Nil for everything that serves the contract, the customer itself included.
  package let assets: [AssetKey]?
  /// Whether those about an asset count on when it serves the contract no more: what is said later
  /// of what it did.
  package let isToTheEnd: Bool

  package init(
    meter: MeterKey, period: Period, assets: [AssetKey]? = nil, toTheEnd isToTheEnd: Bool = false
  ) {
    self.meter = meter
    self.period = period
    self.assets = assets
    self.isToTheEnd = isToTheEnd
  }
}

/// One event as it stands, with its corrections.
package struct EventFact: Hashable, Sendable {
  package let reference: Evidence.Reference
  package let type: String
  package let subject: String
  /// What the meter read of it.
  package let value: Fixed
  package let data: JSON
  /// Where it came into the log: the number of the first event that came with it.
  package var sequence: Int64 = 0

  package init(
    _ reference: Evidence.Reference, type: String, subject: String, value: Fixed, data: JSON
  ) {
    self.reference = reference
    self.type = type
    self.subject = subject
    self.value = value
    self.data = data
  }
}

/// The events of all requests, each list in canonical order: by time, then source, then id.
package struct EventTable: Sendable {
  private let facts: [EventRequest: [EventFact]]

  package init(_ facts: [EventRequest: [EventFact]] = [:]) { self.facts = facts }

  package func facts(_ request: EventRequest) throws(Fault) -> [EventFact] {
    guard let facts = facts[request] else {
      throw Fault(.unknownReference, "there is no meter `\(request.meter)`")
    }
    return facts
  }
}
