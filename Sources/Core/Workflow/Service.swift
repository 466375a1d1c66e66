import Base
import Contracts

/// Which assets serve a contract.
struct Service {
  /// Those that have served it during the period, in order.
  let assets: [AssetKey]
  /// When each of those that ever do serves it.
  let here: [AssetKey: [Period]]
  /// When they serve another contract.
  let elsewhere: [AssetKey: [Period]]

  /// The assets that a clause rates by themselves; nil stands for all of them together.
  func ratedApart(_ clause: Clause, _ history: ContractHistory?) -> [AssetKey?] {
    guard clause.terms is RecurringFeeTerms, let history else {
      return clause.isPerAsset ? assets.filter(clause.isAbout) : [nil]
    }
    // Its intervals may have begun under another version, and with assets that have left.
    let clauses = history.versions.flatMap(\.contract.clauses).filter { $0.key == clause.key }
    let apart = clauses.filter(\.isPerAsset)
    let all = Set(assets).union(here.keys).sorted()
    return (clauses.allSatisfy(\.isPerAsset) ? [] : [nil])
      + all.filter { asset in apart.contains { $0.isAbout(asset) } }
  }
}

extension Clause {
  fileprivate func isAbout(_ asset: AssetKey) -> Bool { assets.isEmpty || assets.contains(asset) }
}
