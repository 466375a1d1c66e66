package import Base
import Contracts
import Ingestion

/// A named aggregation over events.
package struct MeterDefinition: Hashable, Sendable {
  /// The kinds of aggregation, by their names in a definition.
  package enum Kind: String, CaseIterable, Sendable {
    case count, sum
  }

  package enum Aggregation: Hashable, Sendable {
    /// How many events there were.
    case count
    case sum(SumTerms)
  }

  package let key: MeterKey
  /// The types of the events it reads.
  package let eventTypes: [String]
  package let aggregation: Aggregation
  package let unit: MeasureUnit

  package init(
    key: MeterKey, eventTypes: [String], aggregation: Aggregation, unit: MeasureUnit
  ) {
    self.key = key
    self.eventTypes = eventTypes
    self.aggregation = aggregation
    self.unit = unit
  }

  /// Decimal places of its values; a value with more is not read, for it would have to be rounded.
  package var places: Int {
    switch aggregation {
    case .count: 0
    case .sum(let terms): terms.places
    }
  }
}

extension MeterDefinition: CatalogDocument {
  package init(_ node: Node, key: MeterKey) throws(Faults) {
    var fields = try FieldReader(node)
    let kind: Kind? = fields.required("aggregation", Node.word)
    let types = fields.required("eventTypes", all: Node.list(each: Node.label, countMax: 50))
    let unit = fields.required("unit", MeasureUnit.read)
    let aggregation: Aggregation? =
      switch kind {
      case .count: .count
      case .sum: SumTerms(&fields).map(Aggregation.sum)
      case nil: nil
      }
    if types?.contains(Correction.eventType) == true {
      fields.refuse("eventTypes", "a correction is counted by what it corrects, not by itself")
    }
    guard fields.areSound, let types, let unit, let aggregation else { throw fields.failure }
    self.init(key: key, eventTypes: types, aggregation: aggregation, unit: unit)
  }

  package var json: JSON {
    let (kind, members): (Kind, [JSON.Member]) =
      switch aggregation {
      case .count: (.count, [])
      case .sum(let terms): (.sum, terms.members)
      }
    return .object(
      [
        .init("aggregation", .string(kind.rawValue)),
        .init("eventTypes", .array(eventTypes.map(JSON.string))),
        .init("unit", .string(unit.name)),
      ] + members)
  }
}
