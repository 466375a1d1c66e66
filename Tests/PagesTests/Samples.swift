import Base

@testable import Pages

/// Views with the figures of the demo, and with names an attacker would choose.
enum Samples {
  static let dollar = try! Currency("USD")
  /// Markup, both quotation marks, and characters that fuse with a neighbour into one `Character`:
  /// a mark that joins what stands before it, and one that joins what comes after.
  static let hostile =
    "<script>alert(1)</script>\" onload='x' & \"\u{301} a=b \u{600}<b>\u{301} ]]> \u{0}\u{1B}"

  static func money(_ minor: Int128) -> Money { Money(minor: minor, dollar) }

  static func month(_ month: Int) -> BillingMonth { BillingMonth(year: 2013, month: month)! }

  static func fixed(_ text: String) -> Fixed { try! Fixed(text) }

  static let unknownScore = ScoreView(
    composite: nil, customerCoverage: fixed("0.2000"), providerCoverage: fixed("0.0000"),
    missing: ["outcome attainment", "commitments kept", "experience", "economic"])

  static let knownScore = ScoreView(
    composite: .init(
      points: fixed("78.579"), customer: fixed("83.284"), provider: fixed("77.011"),
      quadrant: .mutual),
    customerCoverage: fixed("1.0000"), providerCoverage: fixed("0.8500"),
    missing: ["advocacy and referral"])

  static func customers(name: String = "Endeavor Air", notice: String? = nil) -> CustomersView {
    CustomersView(
      workspace: name, months: month(1)...month(3),
      rows: [
        .init(
          key: try! CustomerKey("9E"), name: name, hours: fixed("11862.4500"),
          amount: money(132_131_587), states: MonthStates(final: 2, draft: 0, running: 1),
          score: unknownScore),
        .init(
          key: try! CustomerKey("HA"), name: name, hours: nil, amount: nil,
          states: MonthStates(final: 0, draft: 0, running: 0), score: knownScore),
      ], notice: notice)
  }

  static let months: [MonthView] = [
    MonthView(
      month: month(1), hours: fixed("4133.6333"), cycles: fixed("2960"),
      severity: fixed("1.110500"), amount: money(45_903_998), state: .final,
      invoiceNumber: "INV-000001"),
    MonthView(
      month: month(2), hours: fixed("3652.4500"), cycles: nil, severity: nil,
      amount: money(40_796_707), state: .draft, invoiceNumber: nil),
    MonthView(
      month: month(3), hours: fixed("4076.3667"), cycles: fixed("1"),
      severity: fixed("1.114495"), amount: money(45_430_882), state: .running,
      invoiceNumber: nil),
  ]

  static func line(_ bars: [(String, Int128)], title: String = "Hours in use") -> WaterfallView {
    try! WaterfallView(
      title: title, month: month(1), bars: bars.map { .init(label: $0.0, amount: money($0.1)) },
      sentence: "\(title): 612.5 hours at 187.2000 USD an hour make 120,063.35 USD.")
  }

  /// The worked example of the domain rules, G1.
  static let example = line([
    ("plain hours", 11_025_000), ("index", 441_000), ("leg", 447_174), ("derate", -119_132),
    ("environment", 212_293),
  ])

  static func customer(
    name: String = "Endeavor Air", score: ScoreView = unknownScore,
    months: [MonthView] = Samples.months, lines: [WaterfallView] = [example]
  ) -> CustomerView {
    CustomerView(
      workspace: name, key: try! CustomerKey("9E"), name: name,
      contract: [name + ": 100.00 USD an hour"], score: score,
      dimensions: [
        DimensionView(
          id: "C1", name: "outcome attainment", side: .customer, reading: nil,
          evidence: "outcome events"),
        DimensionView(
          id: "C3", name: "value in use", side: .customer,
          reading: .init(measure: "\(name) 0.88 of planned hours", points: fixed("82.857")),
          evidence: "usage events"),
        DimensionView(
          id: "P1", name: name, side: .provider, reading: nil, evidence: name),
      ], months: months, lines: lines, notice: name)
  }

  /// Every page there is, with `name` wherever a page shows text that it was given.
  static func pages(name: String) throws -> [(page: String, html: String)] {
    let renderer = try PageRenderer()
    let lines = [line([(name, 100), (name, -40)], title: name), line([(name, 0)], title: name)]
    let numbered = MonthView(
      month: month(4), hours: nil, cycles: nil, severity: nil, amount: nil, state: .final,
      invoiceNumber: name)
    return [
      ("customers", renderer.customers(customers(name: name, notice: name))),
      (
        "no customers",
        renderer.customers(CustomersView(workspace: name, months: nil, rows: []))
      ),
      (
        "customer",
        renderer.customer(customer(name: name, months: months + [numbered], lines: lines))
      ),
      (
        "scored customer",
        renderer.customer(customer(name: name, score: knownScore, months: [], lines: []))
      ),
      ("sign in", renderer.signIn(message: name)),
      ("problem", renderer.problem(status: 404, title: name, detail: name)),
    ]
  }
}
