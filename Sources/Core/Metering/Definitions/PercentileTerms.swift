package import Base

/// The number below which the hours of a window mostly stay, such as the 95th percentile that
/// networks are billed by: each event's number is added up by the hour, and of the hours in which
/// anything was read the one of the nearest rank is taken.
package struct PercentileTerms: Hashable, Sendable {
  package let number: NumberTerms
  /// Above 0, at most 100.
  package let percent: Fixed

  package init(_ number: NumberTerms, percent: Fixed) throws(Fault) {
    let ratio = try percent.ratio
    guard ratio > .zero, ratio <= Ratio(100) else {
      throw Fault(.invalidValue, "a percentile lies above 0 and is at most 100", at: "/percent")
    }
    self.number = number
    self.percent = percent
  }

  /// The sum of rank ceil(percent / 100 * n) among n, counted from the smallest; nil of none.
  package func nearestRank(of sums: some Collection<Int128>) -> Int128? {
    guard !sums.isEmpty else { return nil }
    let divisor = 100 * Rounding.powerOfTen(percent.places)
    let rank = Rounding.divide(percent.units * Int128(sums.count), by: divisor, .up)
    return sums.sorted()[Int(rank) - 1]
  }
}

extension PercentileTerms {
  init?(_ fields: inout FieldReader) {
    let number = NumberTerms(&fields)
    guard let percent = fields.required("percent", Node.decimal), let number else { return nil }
    do throws(Fault) { try self.init(number, percent: percent) } catch {
      fields.refuse("percent", error.detail)
      return nil
    }
  }

  var members: [JSON.Member] { number.members + [.init("percent", .decimal(percent))] }
}
