package import Base

/// The way from the plain amount to the line's amount, one bar a factor. Each bar is the rounded
/// running product minus the one before, so that the bars add up to the line to the cent.
package struct Waterfall: Hashable, Sendable {
  package struct Bar: Hashable, Sendable {
    package let label: String
    package let amount: Money
  }

  package let bars: [Bar]

  /// Bars that add up to their line already.
  init(bars: [Bar]) { self.bars = bars }

  /// `running` are the amounts after each factor; the last of them is replaced by the line's own
  /// amount, for the line rounds its severity first.
  package init(running: [(label: String, exact: Ratio)], line: Money) throws(Fault) {
    var bars: [Bar] = []
    var previous = Money.zero(line.currency)
    for (index, step) in running.enumerated() {
      let isLast = index == running.count - 1
      let reached = isLast ? line : try Money(rounding: step.exact, line.currency)
      bars.append(Bar(label: step.label, amount: try reached - previous))
      previous = reached
    }
    self.bars = bars
  }

  package var json: JSON {
    .array(bars.map { ["label": .string($0.label), "amount": .text($0.amount)] })
  }
}
