import Base
import Contracts

/// What a clause came to: its lines, and what clauses behind it may want to know.
package struct RatedClause: Sendable {
  package let lines: [RatedLine]
  package let finding: MeasuredResult?
  /// The clauses for whose findings it took money off, itself perhaps among them.
  package let penalised: [String]
  /// Why it has no line, where too little is known for one.
  package let unbilled: UnbilledClause?
  /// Meters that saw nothing in the period.
  package let silent: [SilentMeter]

  package init(
    _ lines: [RatedLine], _ finding: MeasuredResult? = nil, penalised: [String] = [],
    unbilled: UnbilledClause? = nil, silent: [SilentMeter] = []
  ) {
    self.silent = silent
    self.lines = lines
    self.finding = finding
    self.penalised = penalised
    self.unbilled = unbilled
  }
}

extension RatedClause {
  /// The same, whose lines say where readings were ignored in the answers they rest on.
  package func noting(ignored requests: [UsageRequest]) -> RatedClause {
    guard !requests.isEmpty else { return self }
    let lines = lines.map { line in
      let isConcerned = requests.contains { request in
        line.meters.contains(request.meter)
          && (request.assets == nil || request.assets == line.assets)
      }
      guard isConcerned, !line.flags.contains(.readingsIgnored) else { return line }
      var line = line
      line.flags.append(.readingsIgnored)
      return line
    }
    return RatedClause(
      lines, finding, penalised: penalised, unbilled: unbilled, silent: silent)
  }
}
