import Base
import Contracts
import Rating
import Testing

/// Domain rule G3, index escalation with floor and cap, with and without catch-up.
struct EscalationGoldenTests {
  /// Labour counts 55 per cent and material 35, a tenth never moves; a year's step lies between
  /// 0 and 4 per cent.
  static func terms(catchUp: Bool) throws -> EscalationTerms {
    try EscalationTerms(
      fixedShare: Fixed("0.10"),
      components: [
        .init(name: "labour", weight: Fixed("0.55"), base: Fixed("142.3")),
        .init(name: "material", weight: Fixed("0.35"), base: Fixed("238.64")),
      ], floor: Fixed("0"), cap: Fixed("0.04"), catchUp: catchUp,
      years: [(2014, "149.7", "251.02"), (2015, "151.1", "249.80"), (2016, "151.1", "229.10")].map {
        .init(
          from: CivilDate(year: $0.0, month: 1, day: 1)!,
          averages: [try Fixed($0.1), try Fixed($0.2)])
      })
  }

  @Test func theWorkedExample() throws {
    let plain = try Escalation(Self.terms(catchUp: false))
    let catchUp = try Escalation(Self.terms(catchUp: true))
    var rows = [["from", "labour", "material", "F", "E", "E with catch-up"]]
    for (index, year) in try Self.terms(catchUp: false).years.enumerated() {
      #expect(plain.years[index].formula == catchUp.years[index].formula)
      rows.append(
        ["\(year.from)"] + year.averages.map(\.description) + [
          "\(plain.years[index].formula)", "\(plain.years[index].factor)",
          "\(catchUp.years[index].factor)",
        ])
    }
    #expect(
      columns(rows) == """
          from        labour  material         F         E  E with catch-up
          2014-01-01   149.7    251.02  1.046759  1.040000         1.040000
          2015-01-01   151.1    249.80  1.050380  1.043598         1.050380
          2016-01-01   151.1    229.10  1.020021  1.043598         1.050380
        """)
  }

  /// How each factor came about, as the invoice shows it.
  @Test(arguments: [false, true])
  func theDerivationOfEveryYear(catchUp: Bool) throws {
    let text = try Escalation(Self.terms(catchUp: catchUp)).years.map { year in
      "\(year.from)\n\(stepsText(year.steps))"
    }.joined(separator: "\n")
    #expect(text == (catchUp ? Self.derivationWithCatchUp : Self.derivation))
  }

  static let derivation = """
    2014-01-01
      1.046759  F = round6(fixed + sum(weight * average / base))
                fixed = 0.10, labour = 0.55 x 149.7 / 142.3, material = 0.35 x 251.02 / 238.64
      1.040000  E = round6(E before * (1 + clamp(step, floor, cap)))
                E before = 1, step = 0.046759, floor = 0, cap = 0.04
    2015-01-01
      1.050380  F = round6(fixed + sum(weight * average / base))
                fixed = 0.10, labour = 0.55 x 151.1 / 142.3, material = 0.35 x 249.80 / 238.64
      1.043598  E = round6(E before * (1 + clamp(step, floor, cap)))
                E before = 1.04, step = 3621/1046759, floor = 0, cap = 0.04
    2016-01-01
      1.020021  F = round6(fixed + sum(weight * average / base))
                fixed = 0.10, labour = 0.55 x 151.1 / 142.3, material = 0.35 x 229.10 / 238.64
      1.043598  E = round6(E before * (1 + clamp(step, floor, cap)))
                E before = 1.043598, step = -30359/1050380, floor = 0, cap = 0.04
    """

  static let derivationWithCatchUp = """
    2014-01-01
      1.046759  F = round6(fixed + sum(weight * average / base))
                fixed = 0.10, labour = 0.55 x 149.7 / 142.3, material = 0.35 x 251.02 / 238.64
      1.040000  E = round6(E before * (1 + clamp(step, floor, cap)))
                E before = 1, step = 0.046759, floor = 0, cap = 0.04
    2015-01-01
      1.050380  F = round6(fixed + sum(weight * average / base))
                fixed = 0.10, labour = 0.55 x 151.1 / 142.3, material = 0.35 x 249.80 / 238.64
      1.050380  E = round6(E before * (1 + clamp(step, floor, cap)))
                E before = 1.04, step = 519/52000, floor = 0, cap = 0.04
    2016-01-01
      1.020021  F = round6(fixed + sum(weight * average / base))
                fixed = 0.10, labour = 0.55 x 151.1 / 142.3, material = 0.35 x 229.10 / 238.64
      1.050380  E = round6(E before * (1 + clamp(step, floor, cap)))
                E before = 1.05038, step = -30359/1050380, floor = 0, cap = 0.04
    """
}
