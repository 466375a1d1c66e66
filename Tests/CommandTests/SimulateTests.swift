import Base
import Foundation
import TestSupport
import Testing

/// `usance simulate` as a person runs it, against a real server.
@Suite struct SimulateTests {
  private static func catalog(rate: String, fee: String = "", from: String = "") -> String {
    """
    contracts:
      acme-pbh:
        customer: acme
        currency: EUR
        zone: UTC
        from: 2013-01-01
        \(from)
        clauses:
          - {key: runs, kind: usageCharge, meter: runs, price: {model: perUnit, rate: \(rate)}}
          \(fee)
    """
  }

  private static let base = """
    customers:
      acme: {name: Acme Air}
    meters:
      runs: {aggregation: count, eventTypes: [ran], unit: runs}
    """

  private static func desk() throws -> CatalogFolder {
    let desk = try CatalogFolder()
    try desk.write("base.yaml", base)
    try desk.write("agreed.yaml", catalog(rate: "12.50"))
    #expect(
      try desk.run("apply", desk.path("base.yaml"), desk.path("agreed.yaml"), "--yes").status == 0)
    let events = (1...1000).map { number in
      """
      {"specversion":"1.0","id":"\(number)","source":"/s","type":"ran","subject":"acme",\
      "time":"2013-0\(1 + number % 2)-05T10:00:00Z"}
      """
    }
    try desk.write("events.ndjson", events.joined(separator: "\n"))
    #expect(try desk.run("import", desk.path("events.ndjson")).status == 0)
    return desk
  }

  @Test func aDraftIsHeldAgainstWhatWasAgreed() throws {
    let desk = try Self.desk()
    try desk.write(
      "draft.yaml",
      Self.catalog(
        rate: "11.00", fee: "- {key: fee, kind: flatFee, amount: 250}",
        from: "effective: 2013-02-01"))
    let shown = try desk.run(
      "simulate", desk.path("draft.yaml"), "--from", "2013-01", "--to", "2013-02")
    #expect(shown.status == 0, "\(shown.errors)")
    #expect(
      shown.text == """
        acme-pbh, 2013-01, in EUR
          line                    before     after  difference
          runs   Usage of runs  6,250.00  6,250.00        0.00
          total                 6,250.00  6,250.00        0.00

        acme-pbh, 2013-02, in EUR
          line                    before     after  difference
          runs   Usage of runs  6,250.00  5,500.00     -750.00
          fee    Flat fee              -    250.00     +250.00
          total                 6,250.00  5,750.00     -500.00

        """)
    let json = try desk.run(
      "simulate", desk.path("draft.yaml"), "--from", "2013-02", "--json", "--customer", "acme")
    let results = try JSON(parsing: Array(json.text.utf8))["results"]?.elements ?? []
    #expect(results.map { $0["difference"] } == ["-500.00"])
    #expect(try !desk.run("export").text.contains("fee"), "nothing was applied")
  }

  @Test func anOlderVersionIsHeldAgainstTheNewest() throws {
    let desk = try Self.desk()
    try desk.write("agreed.yaml", Self.catalog(rate: "15.00"))
    #expect(try desk.run("apply", desk.path("agreed.yaml"), "--yes").status == 0)
    let shown = try desk.run(
      "simulate", "--contract", "acme-pbh", "--contract-version", "1", "--from", "2013-02")
    #expect(shown.text.contains("  total                 7,500.00  6,250.00   -1,250.00\n"))
  }

  @Test func whatIsWrongIsSaidWithItsPlace() throws {
    let desk = try Self.desk()
    try desk.write("draft.yaml", Self.catalog(rate: "eleven"))
    let wrong = try desk.run("simulate", desk.path("draft.yaml"), "--from", "2013-01")
    #expect(wrong.status == 1)
    #expect(wrong.errors.contains("draft.yaml:9:"), "\(wrong.errors)")
    let unknown = try desk.run(
      "simulate", "--contract", "acme-pbh", "--contract-version", "7", "--from", "2013-01")
    #expect(unknown.status == 1)
    #expect(unknown.errors == "usance: there is no version 7 of contract `acme-pbh`\n")
    #expect(try desk.run("simulate", "--from", "2013-01").status != 0)
  }
}
