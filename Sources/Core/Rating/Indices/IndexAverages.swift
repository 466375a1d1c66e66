package import Base
package import Contracts

/// Published series by their keys, as far as a contract names them.
package typealias IndexSeriesByKey = [IndexSeriesKey: IndexSeries]

/// The average of each component of an escalation for one year: agreed, or read off a series.
struct IndexAverages {
  let values: [Fixed]
  /// How those read off a series came about.
  let steps: [Derivation.Step]
  let isProvisional: Bool

  init(
    _ terms: EscalationTerms, _ year: EscalationTerms.Year, _ series: IndexSeriesByKey
  ) throws(Fault) {
    var agreed = year.averages.makeIterator()
    var values: [Fixed] = []
    var steps: [Derivation.Step] = []
    var isProvisional = false
    for component in terms.components {
      guard let key = component.series, let window = terms.window else {
        values.append(agreed.next()!)
        continue
      }
      guard let published = series[key] else {
        throw Fault(.unknownReference, "there is no index series `\(key)`")
      }
      let month = BillingMonth(year: year.from.year, month: year.from.month)!
      let mean = try published.mean(
        window, before: month, terms.revisions, onBaseOf: component.baseMonth)
      values.append(mean.value)
      steps.append(IndexAverages.step(component.name, mean))
      isProvisional = isProvisional || mean.isProvisional
    }
    (self.values, self.steps, self.isProvisional) = (values, steps, isProvisional)
  }

  private static func step(_ name: String, _ mean: IndexMean) -> Derivation.Step {
    Derivation.Step(
      name: "index \(name)", formula: "I = round\(mean.value.places)(mean of the months)",
      inputs: mean.readings.map { Derivation.Input("\($0.month)", text(of: $0)) },
      exact: mean.exact, rounded: mean.value)
  }

  private static func text(of reading: IndexReading) -> String {
    let link = reading.link == .one ? "" : " x \(reading.link)"
    let standIn = reading.isProvisional ? " of \(reading.valueMonth), provisional" : ""
    return "\(reading.published)\(link)\(standIn)"
  }
}
