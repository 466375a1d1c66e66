import Base
import Contracts
import Metering
import Rating
import Workflow

extension RatingContext {
  /// All that the clauses of a contract asked for, read in one transaction.
  func table(
    _ requests: [UsageRequest], _ contract: Contract, _ pins: MeterPins
  ) throws -> UsageTable {
    let requests = Set(requests).filter { state.hasMeter($0.meter) }
    let queries = try requests.map { request in
      UsageQuery(
        try meter(request.meter, pins), request.windows,
        of: state.catalog.stretches(
          of: contract, in: request.windows.period, assets: request.assets),
        by: request.breakdown, keepingTimelines: request.keepsTimelines)
    }
    return UsageTable(
      Dictionary(uniqueKeysWithValues: zip(requests, try snapshot.usage(queries))))
  }

  /// The events that the clauses of a contract asked for one by one.
  func table(
    _ requests: [EventRequest], _ contract: Contract, _ pins: MeterPins
  ) throws -> EventTable {
    let requests = Set(requests).filter { state.hasMeter($0.meter) }
    let queries = try requests.map { request in
      let stretches = state.catalog.stretches(
        of: contract, in: request.period, assets: request.assets)
      return FactQuery(
        try meter(request.meter, pins),
        of: request.isToTheEnd ? stretches.toTheEnd(of: request.period) : stretches)
    }
    return EventTable(
      Dictionary(uniqueKeysWithValues: zip(requests, try snapshot.facts(queries))))
  }
}
