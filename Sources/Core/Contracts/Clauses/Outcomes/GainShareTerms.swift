package import Base

/// A share of what is saved against a baseline that both sides agreed. Formula: Rating,
/// `GainShare`.
package struct GainShareTerms: ClauseTerms {
  package static var kind: String { "gainShare" }

  /// What the provider answers for by itself before a saving, or a loss, is shared.
  package enum Tolerance: Hashable, Sendable {
    /// That share of the baseline is never shared.
    case deductible(Fixed)
    /// From that share of the baseline on, all of it is.
    case threshold(Fixed)
  }

  /// What was really used.
  package let actual: MeterKey
  package let baseline: BaselineTerms
  /// Of one unit of the actual meter.
  package let price: Fixed
  /// The provider's part, `0.40` for forty per cent.
  package let share: Fixed
  package let tolerance: Tolerance?
  /// The most that is charged, as a share of the baseline's price.
  package let cap: Fixed?
  /// The most that is paid back, as a share of the baseline's price.
  package let floor: Fixed?
  /// The least share of days that must be known on both sides.
  package let coverageMin: Fixed?
  /// The savings as a share of the baseline must be greater than this uncertainty of theirs.
  package let uncertainty: Fixed?
  package let year: YearBasis

  package init(
    actual: MeterKey, baseline: BaselineTerms, price: Fixed, share: Fixed,
    tolerance: Tolerance? = nil, cap: Fixed? = nil, floor: Fixed? = nil,
    coverageMin: Fixed? = nil, uncertainty: Fixed? = nil, year: YearBasis = .contract
  ) {
    self.actual = actual
    self.baseline = baseline
    self.price = price
    self.share = share
    self.tolerance = tolerance
    self.cap = cap
    self.floor = floor
    self.coverageMin = coverageMin
    self.uncertainty = uncertainty
    self.year = year
  }

  package var stage: RatingStage { .gainShare }
  package var meters: [MeterKey] { [actual] + baseline.drivers.map(\.meter) }
}

extension GainShareTerms {
  package func summary(in currency: Currency) -> String { "\(share) of what is saved of \(actual)" }

  package init?(_ fields: inout FieldReader) {
    let actual = fields.required("actual", MeterKey.read)
    let baseline = fields.required("baseline", all: BaselineTerms.init(_:))
    let price = fields.required("price", Node.nonNegative)
    let share = fields.required("share", Node.share)
    let deductible = fields.optional("deductible", Node.share)
    let threshold = fields.optional("threshold", Node.share)
    let cap = fields.optional("cap", Node.nonNegative)
    let floor = fields.optional("floor", Node.nonNegative)
    let coverageMin = fields.optional("coverageMin", Node.share)
    let uncertainty = fields.optional("uncertainty", Node.nonNegative)
    let year: YearBasis? = fields.optional("year", Node.word)
    if deductible != nil, threshold != nil {
      fields.refuse("threshold", "either `deductible` or `threshold`")
    }
    guard let actual, let baseline, let price, let share else { return nil }
    self.init(
      actual: actual, baseline: baseline, price: price, share: share,
      tolerance: deductible.map(Tolerance.deductible) ?? threshold.map(Tolerance.threshold),
      cap: cap, floor: floor, coverageMin: coverageMin, uncertainty: uncertainty,
      year: year ?? .contract)
  }

  package var members: [JSON.Member] {
    var (deductible, threshold): (Fixed?, Fixed?)
    switch tolerance {
    case .deductible(let part): deductible = part
    case .threshold(let part): threshold = part
    case nil: break
    }
    let terms: [(String, JSON?)] = [
      ("actual", .text(actual)), ("baseline", baseline.json), ("price", .decimal(price)),
      ("share", .decimal(share)), ("deductible", deductible.map(JSON.decimal)),
      ("threshold", threshold.map(JSON.decimal)), ("cap", cap.map(JSON.decimal)),
      ("floor", floor.map(JSON.decimal)), ("coverageMin", coverageMin.map(JSON.decimal)),
      ("uncertainty", uncertainty.map(JSON.decimal)), ("year", .string(year.rawValue)),
    ]
    return terms.compactMap { name, value in value.map { JSON.Member(name, $0) } }
  }
}

extension Node {
  /// A part of a whole, from 0 to 1.
  fileprivate static func share(_ node: Node) throws(Fault) -> Fixed {
    let share = try nonNegative(node)
    guard try share.ratio <= .one else { throw node.fault("a share from 0 to 1") }
    return share
  }
}
