import Base
import Contracts

/// The lines that a clause rests on, part by part of a period of several months: what came to what
/// between two days is what it came to before the second, less what it came to before the first.
/// Coupons and grants that count in some months of the period act on what these came to.
struct TimedLines {
  struct Part {
    /// The month of the contract in which it begins.
    let month: BillingMonth
    let lines: BaseLines
  }

  /// What all the time came to.
  let whole: BaseLines
  /// In the order of time, at least one.
  let parts: [Part]

  /// `months` are those in which something begins or ends to count.
  init(
    _ months: [BillingMonth], _ scope: ClauseScope, _ inputs: RatingInputs,
    _ lines: (RatedMonth) throws(Fault) -> BaseLines
  ) throws(Fault) {
    whole = try lines(inputs.soFar)
    let windows = scope.windows
    let inside = TimedLines.inside(months, windows)
    guard !inside.isEmpty else {
      parts = [Part(month: windows.billingMonth, lines: whole)]
      return
    }
    var parts: [Part] = []
    var before = try lines(
      inputs.through(windows.billing.firstDay(of: windows.billingMonth), scope))
    let starts = [windows.billingMonth] + inside
    for (place, month) in starts.enumerated() {
      let next = place + 1 < starts.count ? starts[place + 1] : nil
      let day = next.map(windows.billing.firstDay) ?? windows.nextDay
      let now = try lines(inputs.through(day, scope))
      parts.append(Part(month: month, lines: try now.less(before)))
      before = now
    }
    self.parts = parts
  }

  /// The days to ask for.
  static func cuts(_ months: [BillingMonth], _ scope: ClauseScope) -> [CivilDate] {
    inside(months, scope.windows).map(scope.windows.billing.firstDay)
  }

  /// Those of the months that begin within the period.
  private static func inside(
    _ months: [BillingMonth], _ windows: RatingWindows
  ) -> [BillingMonth] {
    Set(months.filter { windows.billingMonth < $0 && windows.months.contains($0) }).sorted()
  }
}

extension BaseLines {
  /// What they came to since those of an earlier time.
  func less(_ before: BaseLines) throws(Fault) -> BaseLines {
    let currency = gross.currency
    return try BaseLines(
      lines.map { (line) throws(Fault) in
        let known = before.lines.first { $0.key == line.key }
        return Line(
          key: line.key, clause: line.clause,
          gross: try line.gross - (known?.gross ?? .zero(currency)),
          left: try line.left - (known?.left ?? .zero(currency)))
      }, in: currency)
  }
}
