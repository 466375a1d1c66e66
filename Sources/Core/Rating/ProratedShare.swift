import Base
import Contracts

/// How much of a period a part of it is.
///
///     none    share = 1
///     day     share = days of the part / days of the period       a day that is begun counts
///     second  share = seconds of the part / seconds of the period
///
/// Source: domain, section 3, proration.
struct ProratedShare {
  let step: Derivation.Step

  init(
    of part: Period, in whole: Period, _ proration: Proration, _ zone: ZoneRules
  ) throws(Fault) {
    switch proration {
    case .none:
      step = Derivation.Step(
        name: "share", formula: "share = 1", inputs: [], exact: .one, rounded: nil)
    case .day:
      let days = (ProratedShare.days(part, zone), ProratedShare.days(whole, zone))
      step = Derivation.Step(
        name: "share", formula: "share = active days / days",
        inputs: [.init("active days", days.0), .init("days", days.1)],
        exact: try Ratio(Int128(days.0), over: Int128(days.1)), rounded: nil)
    case .second:
      let (active, all) = (Int128(part.microseconds), Int128(whole.microseconds))
      step = Derivation.Step(
        name: "share", formula: "share = active seconds / seconds",
        inputs: [
          .init("active seconds", try Ratio(active, over: 1_000_000)),
          .init("seconds", try Ratio(all, over: 1_000_000)),
        ], exact: try Ratio(active, over: all), rounded: nil)
    }
  }

  var exact: Ratio { step.exact }

  private static func days(_ period: Period, _ zone: ZoneRules) -> Int {
    guard !period.isEmpty else { return 0 }
    return zone.date(at: period.last).daysSinceEpoch
      - zone.date(at: period.start).daysSinceEpoch + 1
  }
}
