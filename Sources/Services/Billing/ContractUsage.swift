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
    var answers: [UsageRequest: UsageResult] = [:]
    for request in Set(requests) {
      guard state.hasMeter(request.meter) else { continue }
      let stretches = state.catalog.stretches(
        of: contract, in: request.windows.period, assets: request.assets)
      answers[request] = try snapshot.usage([
        UsageQuery(
          meter(request.meter, pins), request.windows, of: stretches, by: request.breakdown,
          keepingTimelines: request.keepsTimelines)
      ])[0]
    }
    return UsageTable(answers)
  }

  /// The events that the clauses of a contract asked for one by one.
  func table(
    _ requests: [EventRequest], _ contract: Contract, _ pins: MeterPins
  ) throws -> EventTable {
    var facts: [EventRequest: [EventFact]] = [:]
    for request in Set(requests) {
      guard state.hasMeter(request.meter) else { continue }
      var stretches = state.catalog.stretches(
        of: contract, in: request.period, assets: request.assets)
      if request.isToTheEnd { stretches = stretches.toTheEnd(of: request.period) }
      facts[request] = try snapshot.facts([
        FactQuery(meter(request.meter, pins), of: stretches)
      ])[0]
    }
    return EventTable(facts)
  }
}
