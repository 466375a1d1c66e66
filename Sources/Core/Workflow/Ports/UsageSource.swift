package import Base
import Contracts
package import Metering
package import Rating

/// What was used, and the events behind it: many questions at once, so that an engine reads what
/// they have in common once. Every figure is of one moment, that of the snapshot.
package protocol UsageSource {
  /// The answer to each query, in their order.
  func usage(_ queries: [UsageQuery]) throws(Fault) -> [UsageResult]
  /// The events of each query, in canonical order.
  func facts(_ queries: [FactQuery]) throws(Fault) -> [[EventFact]]
  /// The evidence of each request, gathered in one pass in the order of time; `meters` has those
  /// that are named.
  func evidence(
    _ requests: [EvidenceRequest], by meters: MeterSet
  ) throws(Fault) -> [EvidenceResult]
  /// When the meter of a query last saw something; nil if it never did, or if its subjects sent
  /// events of its types in the period.
  func silence(_ query: SilenceQuery) throws(Fault) -> Instant?
  /// From the start of the first hour to the start of the last in which some subjects used
  /// something; nil if they used nothing.
  func span(of meter: MeterDefinition, _ subjects: Set<String>) throws(Fault) -> Period?
  /// How many groups a meter has seen.
  func groupCount(of meter: MeterDefinition) throws(Fault) -> Int
  /// The subjects of which each meter counted something in a period, sorted.
  func subjects(
    of meters: [MeterDefinition], in period: Period
  ) throws(Fault) -> [MeterKey: [String]]
  /// For each list of subjects a number: of lists with near numbers the usage lies side by side,
  /// and is read faster one after the other. No other meaning.
  func places(of subjects: [[String]]) throws(Fault) -> [Int64]
}
