import Base
import Contracts
import Metering
import Rating

/// Assets of which a meter saw nothing in a period, while a clause adds it up over several.
struct SilentAssets {
  let meter: MeterKey
  let clause: String
  /// What the contract says of a period without usage; nil where it says nothing.
  let policy: MissingUsagePolicy?
  /// In order.
  let assets: [AssetKey]

  /// Those of a period that is rated; `unheard` are the subjects of which nothing counts for a part
  /// of the evidence of its lines. A clause whose meter saw nothing at all says so itself.
  static func all(
    of rated: RatedDraft, unheard: (Evidence.Basis) -> [String]
  ) -> [SilentAssets] {
    var places: [Place: Set<String>] = [:]
    for line in rated.lines where line.stage == .usage && line.asset == nil {
      for basis in line.bases {
        let place = Place(meter: basis.meter, clause: line.clause)
        let unheard = Set(unheard(basis))
        places[place] = places[place].map { $0.intersection(unheard) } ?? unheard
      }
    }
    return places.sorted { ($0.key.clause, $0.key.meter) < ($1.key.clause, $1.key.meter) }
      .compactMap { place, subjects in
        let isSilent = rated.silent.contains {
          $0.meter == place.meter && $0.clause == place.clause
        }
        let assets = subjects.filter { $0 != rated.contract.customer.text }
          .compactMap { try? AssetKey($0) }.sorted()
        guard !isSilent, !assets.isEmpty else { return nil }
        let clause = rated.contract.clauses.first { $0.key == place.clause }
        return SilentAssets(
          meter: place.meter, clause: place.clause, policy: clause?.missing, assets: assets)
      }
  }

  private struct Place: Hashable {
    let meter: MeterKey
    let clause: String
  }
}
