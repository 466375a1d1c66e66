package import Base
package import Contracts
package import Metering
package import Rating

extension Catalog {
  /// Whose events count towards a contract, and when; of all, or of some assets alone.
  package func stretches(
    of contract: Contract, in period: Period, assets: [AssetKey]? = nil
  ) -> [SubjectStretch] {
    let wanted = assets.map { Set($0.map(\.text)) }
    return subjects(of: contract, in: period)
      .filter { wanted?.contains($0.subject) ?? true }
      .map { SubjectStretch($0.subject, $0.1) }
  }

  /// Whose events a line rests on, and when: `period` is that of its line if it says no other. Of
  /// what is named one by one, also what was said once an asset, or the contract, was gone.
  package func stretches(
    of basis: Evidence.Basis, _ contract: Contract, in period: Period
  ) -> [SubjectStretch] {
    let time = basis.period ?? period
    let counting = stretches(of: contract, in: time, assets: basis.assets)
    guard basis.events != nil else { return counting }
    let before = stretches(
      of: contract, in: Period(start: .earliest, end: time.end), assets: basis.assets)
    return before.toTheEnd(of: time).map {
      SubjectStretch($0.subject, $0.period.intersection(time))
    }
  }
}

extension [SubjectStretch] {
  /// Of each subject everything from when it first counts.
  package func toTheEnd(of period: Period) -> [SubjectStretch] {
    Dictionary(grouping: self, by: \.subject).sorted { $0.key < $1.key }.map {
      let start = $1.map(\.period.start).min()!
      return SubjectStretch($0, Period(start: start, end: period.end))
    }
  }
}
