import Base
import Contracts
import Rating
import Testing

/// Which days count towards savings, and when they are settled.
struct GainShareTests {
  /// A baseline of 100 a day at 1.00, all of what is saved against it.
  private func lines(
    _ terms: String, _ usage: String, baseline: String = "", through: String = "2026-02",
    credited: [String: String] = [:]
  ) throws -> [String] {
    let example = try Chapter(
      """
      ```yaml
      from: 2026-01-01
      clauses:
        - {key: s, kind: gainShare, actual: energy, price: 1, share: 1,
           baseline: {perDay: 100\(baseline)}\(terms)}
      ```
      ```usage
      \(usage)
      ```
      ```lines
      ```
      """)
    var notes: [BillingMonth: Credited] = [:]
    for (month, amount) in credited {
      var one = Credited(in: example.contract.currency)
      try one.add(
        Money(minor: Fixed(amount).units, example.contract.currency),
        to: Credited.Piece("s", on: "s"))
      notes[try BillingMonth(month)] = one
    }
    return try example.months(
      through: BillingMonth(through), credited: notes
    ).flatMap { month in
      try month.lines.map { line in
        let bars = try line.waterfall.bars.reduce(Money.zero(line.amount.currency)) {
          try $0 + $1.amount
        }
        #expect(bars == line.amount, "the waterfall adds up to its line")
        return (["\(line.amount)"] + line.flags.map(\.rawValue)).joined(separator: " ")
      }
    }
  }

  /// A day without a reading is not a day on which nothing was used.
  @Test func onlyDaysKnownOnBothSidesCount() throws {
    let usage = "energy kWh 2026-01-02 70\nenergy kWh 2026-01-03 0\nenergy kWh 2026-02-01 95"
    #expect(try lines("", usage) == ["130.00", "5.00"])
    let drivers = ", drivers: [{meter: hdd, coefficient: 2}]"
    #expect(try lines("", usage + "\nhdd d 2026-01-02 5", baseline: drivers) == ["40.00", "0.00"])
  }

  /// Nothing is estimated or held of days without readings, be it in the first period of a year, of
  /// which they are all there is, or later.
  @Test(arguments: ["estimateTrailingMean", "estimateMinimum", "hold", "zero"])
  func daysWithoutReadingsAreLeftOut(policy: String) throws {
    let usage = "energy kWh 2026-01 daily 90\nenergy kWh 2026-12 daily 80"
    for month in ["2026-02", "2027-01", "2027-02"] {
      let usual = try lines("", usage, through: month)
      #expect(try lines(", missing: \(policy)", usage, through: month) == usual, "\(month)")
    }
  }

  /// 28 of 31 days are 0.903 of them; in February 45 of 59 are 0.76, in March all are 0.84 again.
  @Test func withheldMoneyComesWhenCoverageDoes() throws {
    let january = (1...28).map { "energy kWh 2026-01-\($0 < 10 ? "0" : "")\($0) 90" }
    let february = (1...17).map { "energy kWh 2026-02-\($0 < 10 ? "0" : "")\($0) 80" }
    let usage = (january + february).joined(separator: "\n") + "\nenergy kWh 2026-03 daily 100"
    #expect(
      try lines(", coverageMin: \"0.84\"", usage, through: "2026-03") == [
        "280.00", "0.00 withheld", "340.00",
      ])
  }

  @Test func gatesHoldWhatIsNotCertain() throws {
    let usage = "energy kWh 2026-01-02 90\nenergy kWh 2026-02-02 70"
    #expect(try lines(", uncertainty: \"0.10\"", usage) == ["0.00 withheld", "40.00"])
    #expect(try lines(", uncertainty: \"0.09\"", usage) == ["10.00", "30.00"])
    let fit = #", cvRMSE: "0.26", cvRMSEMax: "0.25""#
    #expect(try lines("", usage, baseline: fit) == ["0.00 withheld", "0.00 withheld"])
    let better = #", cvRMSE: "0.25", cvRMSEMax: "0.25""#
    #expect(try lines("", usage, baseline: better) == ["10.00", "30.00"])
  }

  @Test func adjustmentsHoldForTheirDays() throws {
    let usage = (1...4).map { "energy kWh 2026-01-0\($0) 100" }.joined(separator: "\n")
    let hall = #", adjustments: [{from: 2026-01-02, until: 2026-01-04, perDay: 15, reason: hall},"#
    let shift = #"{from: 2026-01-04, perDay: "-5", reason: shift}]"#
    #expect(
      try lines("", usage, baseline: "\(hall) \(shift)", through: "2026-01") == ["25.00"])
  }

  @Test func aBaselineOfNothingHasNoShare() throws {
    let away = #", adjustments: [{from: 2026-01-01, perDay: "-100", reason: closed}]"#
    let usage = "energy kWh 2026-01-02 10"
    let terms = #", deductible: "0.02", cap: "0.03", floor: "0.03""#
    #expect(try lines(terms, usage, baseline: away, through: "2026-01") == ["0.00 withheld"])
    #expect(try lines(terms, "", through: "2026-01") == ["0.00 withheld"])
  }

  /// The year ends with December; January starts from nothing.
  @Test func aNewYearStartsFromNothing() throws {
    let usage = "energy kWh 2026-12-31 40\nenergy kWh 2027-01-01 130"
    let lines = try lines("", usage, through: "2027-01")
    #expect(lines.suffix(2) == ["60.00", "-30.00"])
  }

  /// 30 are saved, then 10 lost and 5 saved: what a credit note gave back of January's share is not
  /// given back once more by the loss.
  @Test func whatWasCreditedIsNotGivenBackAgain() throws {
    let usage = """
      energy kWh 2026-01-02 70
      energy kWh 2026-02-02 110
      energy kWh 2026-03-02 95
      """
    func february(credited: String) throws -> [String] {
      try lines("", usage, through: "2026-03", credited: ["2026-01": credited]).suffix(2)
    }
    #expect(try lines("", usage, through: "2026-03") == ["30.00", "-10.00", "5.00"])
    #expect(try february(credited: "30.00") == ["0.00", "0.00"])
    #expect(try february(credited: "25.00") == ["-5.00", "0.00"])
    #expect(try february(credited: "22.00") == ["-8.00", "3.00"])
  }

  /// A reversal is the exact negative, with any tolerance and bounds.
  @Test(arguments: [
    "", #", deductible: "0.05""#, #", threshold: "0.05""#,
    #", deductible: "0.013", cap: "0.4", floor: "0.4""#,
  ])
  func lossesMirrorGains(terms: String) throws {
    for size in [0, 3, 5, 7, 33, 50, 90] {
      let gain = try lines(terms, "energy kWh 2026-01-02 \(100 - size)", through: "2026-01")
      let loss = try lines(terms, "energy kWh 2026-01-02 \(100 + size)", through: "2026-01")
      #expect(gain[0] == "0.00" ? loss[0] == "0.00" : loss[0] == "-" + gain[0], "\(size)")
    }
  }
}
