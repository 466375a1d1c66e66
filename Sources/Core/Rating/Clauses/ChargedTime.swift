import Base
import Contracts

/// The time for which an amount is charged: that of the contract or, where each asset is charged by
/// itself, that which the asset served the contract.
///
///     served   share = time that the asset served / time of the interval
///     whole    share = that of the contract, where no other contract had the asset before it in
/// the
///              interval; else nothing is charged here
///
/// A day in which an asset moves is one of the contract it serves first on that day, so that those
/// who share it pay it once together. What is not prorated is whole. Source: domain, section 3,
/// proration.
struct ChargedTime {
  private let scope: ClauseScope
  private let proration: Proration
  /// When the asset serves; nil where there is none, or nothing is known of it.
  private let served: [Period]?
  private let elsewhere: [Period]
  private let isWhole: Bool

  init(_ scope: ClauseScope, _ assetTime: AssetTime?, _ proration: Proration) {
    self.scope = scope
    self.proration = proration
    served = scope.asset.flatMap { scope.assignments[$0] }
    elsewhere = scope.asset.flatMap { scope.elsewhere[$0] } ?? []
    isWhole = assetTime == .whole || proration == .none
  }

  /// Of a part of an interval; nil where nothing of the interval is charged for the asset here.
  func share(of part: Period, in whole: Period) throws(Fault) -> ProratedShare? {
    guard let served else {
      return try ProratedShare(of: [part], in: whole, proration, scope.windows.zone)
    }
    let here = ChargedTime.start(of: served, in: whole.intersection(scope.windows.term))
    guard let here else { return nil }
    guard isWhole else {
      return try ProratedShare(
        of: active(part), in: whole, proration, scope.windows.zone, behind: elsewhere)
    }
    if let there = ChargedTime.start(of: elsewhere, in: whole), there < here { return nil }
    return try ProratedShare(of: [part], in: whole, proration, scope.windows.zone)
  }

  /// What is charged of a part.
  func active(_ part: Period) -> [Period] {
    guard let served, !isWhole else { return [part] }
    return served.map { $0.intersection(part) }.filter { !$0.isEmpty }
  }

  /// When the asset first serves the contract in a stretch; its start where it is not about an
  /// asset, nil where the asset does not serve in it.
  func begin(in part: Period) -> Instant? {
    guard let served else { return part.isEmpty ? nil : part.start }
    let first = ChargedTime.start(of: served, in: part)
    return isWhole ? first.map { _ in part.start } : first
  }

  /// Whether it is charged anything of an amount that is agreed for some stretches of time: one
  /// that comes after the amount has gone, or left before it came, costs nothing.
  func isCharged(in agreed: [Period]) -> Bool {
    guard let served, isWhole else { return true }
    return agreed.contains { ChargedTime.start(of: served, in: $0) != nil }
  }

  private static func start(of stretches: [Period], in whole: Period) -> Instant? {
    stretches.map { $0.intersection(whole) }.filter { !$0.isEmpty }.map(\.start).min()
  }

  /// How much of a stretch has passed with what is rated.
  static func passed(of stretch: Period, _ windows: RatingWindows) throws(Fault) -> Ratio {
    let passed = Period(start: stretch.start, end: min(stretch.end, windows.passedUntil))
    guard windows.cut != nil, !stretch.isEmpty else { return .one }
    return try Ratio(Int128(passed.microseconds), over: Int128(stretch.microseconds))
  }

  /// How much of some stretches of time is earned before a day.
  static func earned(
    of stretches: [Period], before day: CivilDate, _ windows: RatingWindows
  ) throws(Fault) -> Ratio {
    let moment = windows.zone.startOfDay(day)
    var (earned, whole) = (Int128(0), Int128(0))
    for stretch in stretches {
      let end = min(stretch.end, max(stretch.start, moment))
      earned += Int128(Period(start: stretch.start, end: end).microseconds)
      whole += Int128(stretch.microseconds)
    }
    return earned < whole ? try Ratio(earned, over: whole) : .one
  }
}
