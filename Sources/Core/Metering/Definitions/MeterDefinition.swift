package import Base
package import Contracts
import Ingestion

/// A named aggregation over events.
package struct MeterDefinition: Hashable, Sendable {
  package let key: MeterKey
  /// The types of the events it reads.
  package let eventTypes: [String]
  package let aggregation: Aggregation
  /// What it reads in; see `valueUnit`.
  package let unit: MeasureUnit
  /// All of these hold of an event that counts.
  package let conditions: [Condition]
  /// Values of the data that usage is told apart by.
  package let groupBy: [DataPointer]
  package let conversion: Conversion?
  package let bounds: MeterBounds

  package init(
    key: MeterKey, eventTypes: [String], aggregation: Aggregation, unit: MeasureUnit,
    conditions: [Condition] = [], groupBy: [DataPointer] = [], conversion: Conversion? = nil,
    bounds: MeterBounds = .none
  ) {
    self.key = key
    self.eventTypes = eventTypes
    self.aggregation = aggregation
    self.unit = unit
    self.conditions = conditions
    self.groupBy = groupBy
    self.conversion = conversion
    self.bounds = bounds
  }

  /// Decimal places of what it reads; a number with more is not read, for it would have to be
  /// rounded.
  package var places: Int {
    if let conversion, conversion.moment == .before { return conversion.places }
    if case .duration = aggregation { return 6 }
    return aggregation.number?.places ?? 0
  }

  /// The unit of what it reads from one event.
  package var readingUnit: MeasureUnit {
    if case .duration = aggregation { return .second }
    return conversion?.moment == .before ? valueUnit : unit
  }

  /// The unit of its value.
  package var valueUnit: MeasureUnit { conversion?.unit ?? unit }

  /// Whether all it takes to count an event is to add one number to the hour of the event.
  package var isPlain: Bool {
    guard aggregation.sampleRule == nil, groupBy.isEmpty else { return false }
    if case .duration = aggregation { return false }
    return true
  }
}

extension MeterDefinition: CatalogDocument {
  package init(_ node: Node, key: MeterKey) throws(Faults) {
    var fields = try FieldReader(node)
    let kind: Kind? = fields.required("aggregation", Node.word)
    let types = fields.required("eventTypes", all: Node.list(each: Node.label, countMax: 50))
    let unit = fields.required("unit", MeasureUnit.read)
    let conditions = fields.optional(
      "where", all: Node.list(of: Condition.read, countMax: 20))
    let groupBy = fields.optional("groupBy", all: Node.list(each: DataPointer.read, countMax: 5))
    let conversion = fields.optional("convert", all: Conversion.read)
    let bounds = fields.optional("bounds", all: MeterBounds.read)
    let aggregation = kind.flatMap { Aggregation($0, &fields) }
    if types?.contains(Correction.eventType) == true {
      fields.refuse("eventTypes", "a correction is counted by what it corrects, not by itself")
    }
    if let aggregation, let unit {
      MeterDefinition.check(aggregation, unit, groupBy ?? [], conversion, &fields)
      if bounds?.perAssetHour != nil, !aggregation.addsUp {
        fields.refuse("bounds", "a rate an hour is of what adds up: count, sum or duration")
      }
    }
    guard fields.isValid, let types, let unit, let aggregation else { throw fields.failure }
    self.init(
      key: key, eventTypes: types, aggregation: aggregation, unit: unit,
      conditions: conditions ?? [], groupBy: groupBy ?? [], conversion: conversion,
      bounds: bounds ?? .none)
  }

  /// What does not fit together.
  private static func check(
    _ aggregation: Aggregation, _ unit: MeasureUnit, _ groupBy: [DataPointer],
    _ conversion: Conversion?, _ fields: inout FieldReader
  ) {
    switch aggregation {
    case .duration where unit.countPerHour == nil, .stateTime where unit.countPerHour == nil:
      fields.refuse("unit", "time is measured in s, min or h")
    default: break
    }
    if case .stateTime = aggregation, !groupBy.isEmpty {
      fields.refuse("groupBy", "a subject is in one state at a time, in whatever group")
    }
    if case .register = aggregation, conversion?.moment == .before {
      fields.refuse("convert", "what a register rose by is converted, `after` it is known")
    }
    if aggregation.number == nil, conversion?.moment == .before {
      fields.refuse("convert", "there is no number to convert before the aggregation")
    }
  }

  package var json: JSON {
    .object(
      [
        .init("aggregation", .string(aggregation.kind.rawValue)),
        .init("eventTypes", .array(eventTypes.map(JSON.string))),
        .init("unit", .string(unit.name)),
      ] + aggregation.members
        + (conditions.isEmpty ? [] : [.init("where", .array(conditions.map(\.json)))])
        + (groupBy.isEmpty ? [] : [.init("groupBy", .array(groupBy.map { .string($0.text) }))])
        + (conversion.map { [.init("convert", $0.json)] } ?? [])
        + (bounds == .none ? [] : [.init("bounds", .object(bounds.members))]))
  }
}
