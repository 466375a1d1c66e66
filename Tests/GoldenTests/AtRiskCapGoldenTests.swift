import Base
import Contracts
import Rating
import Testing

/// No double jeopardy, and the cap on all that is at risk (domain, section 3).
struct AtRiskCapGoldenTests {
  /// April 2026 of the worked example G4: 97.126437 % available, 10 per cent of 135,533.35.
  static func april(_ clauses: String, through month: String = "2026-04") throws -> [RatedMonth] {
    var contract = try RatedContract(
      """
      - {key: engines, kind: flatFee, amount: 135533.35}
      - {key: availability, kind: availabilityGuarantee, meter: state,
         bands: \(AvailabilityGuaranteeGoldenTests.bands), plannedQuotaSeconds: 28800,
         minimumOutageSeconds: 300}
      \(clauses)
      """, from: "2026-04")
    try contract.say(AvailabilityGuaranteeGoldenTests.april())
    return try contract.months(through: month)
  }

  static let malus = """
    - {key: points, kind: bonusMalus, of: availability, target: 98.0, deadband: 0.5,
       bonus: {slope: 1.2, percentMax: 3}, malus: {slope: 1.8, percentMax: 6}
    """
  static let card = """
    - key: scores
      kind: scorecard
      span: month
      kpis: [{name: availability, weight: 1, of: availability, threshold: 96, target: 98.5}]
    """
  static let held = "- {key: held, kind: holdback, percent: 8, scorecard: scores}"

  /// The credit has penalised April already: the malus takes nothing off, and the scorecard takes
  /// the KPI as met.
  @Test func oneIncidentFeedsOnePenalty() throws {
    let months = try Self.april("\(Self.malus)}\n\(Self.card)\n\(Self.held)")
    let points = months[0].lines[2]
    #expect(
      "\(linesText(months))\n\n\(lineText(points))\n\(points.derivation.sentence)" == """
          month    line               amount
          2026-04  engines        135,533.35
          2026-04  availability   -13,553.34
          2026-04  points               0.00  already_penalised
          2026-04  scores               0.00  already_penalised
          2026-04  held/retained  -10,842.67
          2026-04  held/released   10,842.67

        Bonus or malus: 8450/87 %, 0.00 EUR
          -76/87   distance = x - target
                   x = 97.126437, target = 98.0
          39/58    percent = min(slope * max(0, |distance| - deadband), most)
                   slope = 1.8, deadband = 0.5, most = 6
          -911.34  amount = -round(percent / 100 * base)
                   percent = 39/58, base = 135533.35
          0.00     amount = 0: `availability` has penalised it already
                   base = 135533.35
        waterfall
          malus              -911.34
          already penalised   911.34
          line                  0.00
        97.126437 % against a target of 98.0 would cost -911.34 EUR, but `availability` has \
        penalised it already: nothing is taken off twice.
        """)
  }

  /// Unless the contract says otherwise: the exact 676/696 costs 911.34 on top.
  @Test func theContractMaySayOtherwise() throws {
    let months = try Self.april(
      """
      \(Self.malus), penalisesAgain: true}
      \(Self.card)
        penalisesAgain: true
      \(Self.held)
      """)
    #expect(
      linesText(months) == """
          month    line               amount
          2026-04  engines        135,533.35
          2026-04  availability   -13,553.34
          2026-04  points            -911.34
          2026-04  scores               0.00
          2026-04  held/retained  -10,842.67
          2026-04  held/released    4,885.44
        """)
  }

  /// The holdback yields first, then the credits; the cut stands on lines of its own.
  @Test(arguments: [
    ("19", ""), ("18", "at-risk/held/retained 0.01"), ("17.999", "at-risk/held/retained 1.36"),
    ("12", "at-risk/held/retained 8132.01"),
    ("8", "at-risk/held/retained 10842.67, at-risk 2710.67"),
    ("0", "at-risk/held/retained 10842.67, at-risk 13553.34"),
  ])
  func theCut(percent: String, cuts: String) throws {
    // A quarter's scorecard: nothing is released in April.
    let card = Self.card.replacing("span: month", with: "span: quarter")
    let months = try Self.april(
      "\(card)\n\(Self.held)\n- {key: at-risk, kind: atRiskCap, percent: \(percent)}")
    #expect(
      months[0].lines.filter { $0.stage == .cap }.map { "\($0.key) \($0.amount)" }
        .joined(separator: ", ") == cuts)
  }

  /// What the cap gave back of a holdback is not released again.
  @Test func whatWasCutIsNotReleased() throws {
    let card = Self.card.replacing("span: month", with: "span: quarter")
    let months = try Self.april(
      "\(card)\n\(Self.held)\n- {key: at-risk, kind: atRiskCap, percent: 12}", through: "2026-06")
    #expect(
      linesText(months) == """
          month    line                       amount
          2026-04  engines                135,533.35
          2026-04  availability           -13,553.34
          2026-04  held/retained          -10,842.67
          2026-04  at-risk/held/retained    8,132.01
          2026-05  engines                135,533.35
          2026-05  availability                 0.00   not_determinable
          2026-05  held/retained          -10,842.67
          2026-06  engines                135,533.35
          2026-06  availability                 0.00   not_determinable
          2026-06  scores                       0.00  already_penalised
          2026-06  held/retained          -10,842.67
          2026-06  held/released           24,396.00
        """)
  }

  /// Held together over a year, what one month leaves of the cap another may use: a cut is given
  /// back as later months make room for it.
  @Test func aCapOverAYear() throws {
    var contract = try RatedContract(
      """
      - {key: turbines, kind: flatFee, amount: 10000}
      - {key: availability, kind: availabilityGuarantee, energy: {actual: made, lost: missed},
         bands: [{atLeast: 97, percent: 0}, {percent: 20}]}
      - {key: at-risk, kind: atRiskCap, percent: 4, span: year}
      """, from: "2026-01")
    for (month, missed) in zip(1..., ["10", "0", "0", "10"]) {
      try contract.show("made", "90", in: "2026-0\(month)")
      try contract.show("missed", missed, in: "2026-0\(month)")
    }
    #expect(
      linesText(try contract.months(through: "2026-04")) == """
          month    line             amount
          2026-01  turbines      10,000.00
          2026-01  availability  -2,000.00
          2026-01  at-risk        1,600.00
          2026-02  turbines      10,000.00
          2026-02  availability       0.00
          2026-02  at-risk         -400.00
          2026-03  turbines      10,000.00
          2026-03  availability       0.00
          2026-03  at-risk         -400.00
          2026-04  turbines      10,000.00
          2026-04  availability  -2,000.00
          2026-04  at-risk        1,600.00
        """)
  }
}
