import Base
import Contracts

/// How much of a period some parts of it are, none of which overlap.
///
///     none    share = 1
///     day     share = days of the parts / days of the period       a day that is begun counts
///     second  share = seconds of the parts / seconds of the period
///
/// Source: domain, section 3, proration.
struct ProratedShare {
  let step: Derivation.Step

  init(
    of part: Period, in whole: Period, _ proration: Proration, _ zone: ZoneRules
  ) throws(Fault) {
    try self.init(of: [part], in: whole, proration, zone)
  }

  /// A day that something in `behind` had begun before one of the parts did counts for that.
  init(
    of parts: [Period], in whole: Period, _ proration: Proration, _ zone: ZoneRules,
    behind others: [Period] = []
  ) throws(Fault) {
    switch proration {
    case .none:
      step = Derivation.Step(
        name: "share", formula: "share = 1", inputs: [], exact: .one, rounded: nil)
    case .day:
      let days = (
        Set(parts.flatMap { ProratedShare.days($0, zone, behind: others) }).count,
        ProratedShare.days(whole, zone, behind: []).count
      )
      step = Derivation.Step(
        name: "share", formula: "share = active days / days",
        inputs: [.init("active days", days.0), .init("days", days.1)],
        exact: try Ratio(Int128(days.0), over: Int128(days.1)), rounded: nil)
    case .second:
      let (active, all) = (
        parts.reduce(0) { $0 + Int128($1.microseconds) }, Int128(whole.microseconds)
      )
      step = Derivation.Step(
        name: "share", formula: "share = active seconds / seconds",
        inputs: [
          .init("active seconds", try Ratio(active, over: 1_000_000)),
          .init("seconds", try Ratio(all, over: 1_000_000)),
        ], exact: try Ratio(active, over: all), rounded: nil)
    }
  }

  var exact: Ratio { step.exact }

  /// Of what another one is charged for.
  static let none = Derivation.Step(
    name: "share", formula: "share = 0: another contract is charged for the asset", inputs: [],
    exact: .zero, rounded: nil)

  /// By their numbers.
  private static func days(
    _ period: Period, _ zone: ZoneRules, behind others: [Period]
  ) -> Range<Int> {
    guard !period.isEmpty else { return 0..<0 }
    let (first, last) = (zone.date(at: period.start), zone.date(at: period.last))
    let day = Period(start: zone.startOfDay(first), end: period.start)
    let isTaken = others.contains { !$0.intersection(day).isEmpty }
    return first.daysSinceEpoch + (isTaken ? 1 : 0)..<last.daysSinceEpoch + 1
  }
}
