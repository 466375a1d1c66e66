package import Base
package import Metering

/// For whom, when and in which currency a clause is rated.
package struct ClauseScope: Sendable {
  package let clause: String
  /// The one asset that is rated by itself; nil where all are rated together.
  package let asset: AssetKey?
  /// Whose usage counts; nil for everything that serves the contract.
  package let assets: [AssetKey]?
  package let currency: Currency
  package let windows: RatingWindows
  /// The day within the month from which this part of it is rated.
  private let part: CivilDate?

  package init(
    _ clause: String, asset: AssetKey? = nil, assets: [AssetKey]? = nil, in currency: Currency,
    _ windows: RatingWindows, from part: CivilDate? = nil
  ) {
    self.clause = clause
    self.part = part
    self.asset = asset
    self.assets = asset.map { [$0] } ?? assets
    self.currency = currency
    self.windows = windows
  }

  /// Names the lines: the clause, the day from which a later part of the month is rated, and the
  /// asset where each has lines of its own.
  package var key: String {
    clause + (part.map { "@\($0)" } ?? "") + (asset.map { "/\($0)" } ?? "")
  }

  /// A window of a meter, for those whose usage counts here.
  package func request(
    _ meter: MeterKey, _ period: Period, by breakdown: UsageBreakdown? = nil
  ) -> UsageRequest {
    request(meter, Windows(period), by: breakdown)
  }

  package func request(
    _ meter: MeterKey, _ windows: Windows, by breakdown: UsageBreakdown? = nil
  ) -> UsageRequest {
    UsageRequest(meter, windows, assets: assets, by: breakdown)
  }

  /// The events that a meter counts, one by one.
  package func events(_ meter: MeterKey, _ period: Period) -> EventRequest {
    EventRequest(meter: meter, period: period, assets: assets)
  }
}
