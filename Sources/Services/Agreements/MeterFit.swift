import Base
import Contracts
import Metering
import Rating
import Workflow

/// Holds clauses against the meters they read, as proposals would make both: what no period could
/// be rated by is refused before anybody agrees on it.
struct MeterFit {
  /// Meters as they were proposed.
  private let proposed: [MeterKey: MeterDefinition]
  private let snapshot: any Snapshot

  init(_ proposed: [MeterDefinition], _ snapshot: any Snapshot) {
    self.proposed = Dictionary(proposed.map { ($0.key, $0) }) { _, last in last }
    self.snapshot = snapshot
  }

  /// Each at the place where the clause names the meter.
  func faults(of contract: Contract) throws -> [Fault] {
    try contract.clauses.enumerated().flatMap { place, clause in
      try clause.terms.rule.meterNeeds.compactMap { need in
        try newest(need.meter).flatMap { need.lack(of: $0) }.map { lack in
          Fault(
            .invalidValue, "meter `\(need.meter)` \(lack)",
            at: "/clauses/\(place)\(need.pointer)")
        }
      }
    }
  }

  /// What a new version of a meter would spoil.
  func faults(of meter: MeterDefinition, in contracts: [Contract]) -> [Fault] {
    contracts.sorted { $0.key < $1.key }.flatMap { contract in
      contract.clauses.flatMap { clause in
        clause.terms.rule.meterNeeds.filter { $0.meter == meter.key }.compactMap { need in
          need.lack(of: meter).map { lack in
            Fault(
              .invalidValue,
              "clause `\(clause.key)` of contract `\(contract.key)` reads it, and it \(lack)",
              at: need.quality.pointer)
          }
        }
      }
    }
  }

  /// As it will serve, be it counted or not; nil where there is none, which is said elsewhere.
  private func newest(_ key: MeterKey) throws -> MeterDefinition? {
    if let meter = proposed[key] { return meter }
    return try snapshot.catalog(.newest(.meter, key.text)).first.map {
      try MeterDefinition(Node($0.document), key: key)
    }
  }
}

extension MeterNeed.Quality {
  /// Where a meter says it.
  fileprivate var pointer: String {
    switch self {
    case .time: "/unit"
    case .average, .states, .sumOfEvents: "/aggregation"
    case .groups: "/groupBy"
    }
  }
}
