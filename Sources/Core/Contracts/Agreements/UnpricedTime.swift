package import Base

/// When nobody is billed for what a meter shows of a subject.
package struct UnpricedTime: Hashable, Sendable {
  package enum Reason: String, CaseIterable, Sendable {
    /// No asset or customer has this name.
    case unknownSubject = "unknown_subject"
    /// The subject serves no contract, or none is in force.
    case noContract = "no_contract"
    /// The contract has no clause that reads the meter for the subject.
    case noClause = "no_clause"
  }

  package let reason: Reason
  package let customer: CustomerKey?
  package let contract: ContractKey?
  /// They do not overlap.
  package let periods: [Period]
}

extension Catalog {
  /// By reason, customer and contract. `zone` gives the rules of a contract's zone.
  package func unpricedTime(
    of subject: String, _ meter: MeterKey, in period: Period,
    zone: (Contract) throws -> ZoneRules
  ) throws -> [UnpricedTime] {
    var bounds: Set<Instant> = [period.start, period.end]
    for assignment in (try? AssetKey(subject)).flatMap({ assets[$0] })?.assignments ?? [] {
      bounds.formUnion([assignment.period.start, assignment.period.end])
    }
    var terms: [ContractKey: (Period, ZoneRules)] = [:]
    for key in everyContract(of: subject) {
      guard let contract = contracts[key] else { continue }
      let rules = try zone(contract)
      let term = contract.term(in: rules)
      terms[key] = (term, rules)
      bounds.formUnion([term.start, term.end])
      bounds.formUnion(
        histories[key]!.versions.map { rules.startOfDay($0.contract.effective) })
    }
    let inside = bounds.filter { period.start <= $0 && $0 <= period.end }.sorted()
    var pieces: [UnpricedTime] = []
    for (start, end) in zip(inside, inside.dropFirst()) {
      let holding = contracts(ofSubject: subject, at: start).filter {
        terms[$0]?.0.contains(start) ?? false
      }
      let versions = holding.compactMap { key in
        histories[key]!.inForce(on: terms[key]!.1.date(at: start))?.contract
      }
      if versions.contains(where: { $0.prices(meter, of: subject) }) { continue }
      pieces.append(piece(subject, versions.first, Period(start: start, end: end)))
    }
    return pieces.reduce(into: []) { merged, piece in
      if let place = merged.firstIndex(where: { $0.isLike(piece) }) {
        merged[place] = merged[place].adding(piece.periods)
      } else {
        merged.append(piece)
      }
    }
  }

  private func piece(
    _ subject: String, _ contract: Contract?, _ period: Period
  ) -> UnpricedTime {
    let asset = (try? AssetKey(subject)).flatMap { assets[$0] }
    let customer = (try? CustomerKey(subject)).flatMap { customers[$0]?.key }
    let reason: UnpricedTime.Reason =
      contract != nil
      ? .noClause : asset == nil && customer == nil ? .unknownSubject : .noContract
    return UnpricedTime(
      reason: reason, customer: contract?.customer ?? (asset == nil ? customer : nil),
      contract: contract?.key, periods: [period])
  }

  /// Those that an event about the subject may ever have counted towards.
  private func everyContract(of subject: String) -> [ContractKey] {
    if let asset = (try? AssetKey(subject)).flatMap({ assets[$0] }) {
      return asset.assignments.map(\.contract)
    }
    return (try? CustomerKey(subject)).map { contracts(of: $0).map(\.key) } ?? []
  }
}

extension Contract {
  fileprivate func prices(_ meter: MeterKey, of subject: String) -> Bool {
    clauses.contains { clause in
      clause.meters.contains(meter)
        && (clause.assets.isEmpty || clause.assets.contains { $0.text == subject })
    }
  }
}

extension UnpricedTime {
  fileprivate func isLike(_ other: UnpricedTime) -> Bool {
    reason == other.reason && customer == other.customer && contract == other.contract
  }

  fileprivate func adding(_ periods: [Period]) -> UnpricedTime {
    UnpricedTime(
      reason: reason, customer: customer, contract: contract, periods: self.periods + periods)
  }
}
