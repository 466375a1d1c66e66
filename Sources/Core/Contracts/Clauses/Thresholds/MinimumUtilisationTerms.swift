package import Base

/// A least number of hours a year, which is paid for whether or not it is used. Formula: Rating,
/// `MinimumUtilisation`.
package struct MinimumUtilisationTerms: ClauseTerms {
  package static var kind: String { "minimumUtilisation" }

  /// For whom there is a minimum.
  package enum Counting: String, CaseIterable, Sendable {
    /// Each asset has its own: what one flies beyond it does not help another.
    case asset
    /// Each asset adds its own to that of the fleet, which is met together.
    case pool
    /// One for the contract, whatever serves it.
    case contract
  }

  /// Running time; the meter's unit is a unit of time.
  package let hours: MeterKey
  /// Hours of a whole year.
  package let minimum: Fixed
  /// Per hour, at the prices of the base year.
  package let rate: Fixed
  package let index: IndexTerms
  /// Time for which nobody owes hours, such as an unavailability that the provider caused.
  package let excused: MeterKey?
  package let counting: Counting
  package let year: YearBasis
  /// Whether hours beyond the minimum count in the years behind.
  package let isBanked: Bool

  package init(
    hours: MeterKey, minimum: Fixed, rate: Fixed, index: IndexTerms = .none,
    excused: MeterKey? = nil, counting: Counting = .asset, year: YearBasis = .contract,
    isBanked: Bool = false
  ) {
    self.hours = hours
    self.minimum = minimum
    self.rate = rate
    self.index = index
    self.excused = excused
    self.counting = counting
    self.year = year
    self.isBanked = isBanked
  }

  package var stage: RatingStage { .minimum }
  package var meters: [MeterKey] { [hours] + [excused].compactMap { $0 } }
  package var indexSeries: [IndexSeriesKey] { index.series }
}

extension MinimumUtilisationTerms {
  package func summary(in currency: Currency) -> String { "at least \(minimum) hours a year" }

  package init?(_ fields: inout FieldReader) {
    let hours = fields.required("hours", MeterKey.read)
    let minimum = fields.required("minimum", Node.nonNegative)
    let rate = fields.required("rate", Node.nonNegative)
    let index = fields.optional("index", all: IndexTerms.init(_:))
    let excused = fields.optional("excused", MeterKey.read)
    let counting: Counting? = fields.optional("counting", Node.word)
    let year: YearBasis? = fields.optional("year", Node.word)
    let isBanked = fields.optional("bank", Node.flag)
    guard let hours, let minimum, let rate else { return nil }
    self.init(
      hours: hours, minimum: minimum, rate: rate, index: index ?? .none, excused: excused,
      counting: counting ?? .asset, year: year ?? .contract, isBanked: isBanked ?? false)
  }

  package var members: [JSON.Member] {
    let terms: [(String, JSON?)] = [
      ("hours", .text(hours)), ("minimum", .decimal(minimum)), ("rate", .decimal(rate)),
      ("index", index.json), ("excused", excused.map { .text($0) }),
      ("counting", .string(counting.rawValue)), ("year", .string(year.rawValue)),
      ("bank", .bool(isBanked)),
    ]
    return terms.compactMap { name, value in value.map { JSON.Member(name, $0) } }
  }
}
