import Base
import Foundation
import TestSupport
import Testing

/// What finance types every day, against a real server.
@Suite struct FinanceTests {
  private static let agreed = """
    customers:
      acme: {name: Acme Air}
    meters:
      time:
        aggregation: sum
        eventTypes: [flew]
        unit: s
        value: /seconds
        convert: {to: h, factor: 1/3600}
    contracts:
      acme-pbh:
        customer: acme
        currency: EUR
        zone: UTC
        from: 2013-01-01
        clauses:
          - {key: use, kind: usageCharge, meter: time, price: {model: perUnit, rate: 90.00}}
          - {key: fee, kind: flatFee, amount: 100.00}
    """

  /// 7,207 seconds in January, which is final; and an event about nobody.
  private static func desk() throws -> (CatalogFolder, today: String) {
    let desk = try CatalogFolder()
    try desk.write("agreed.yaml", agreed)
    try #require(try desk.run("apply", desk.path("agreed.yaml"), "--yes").status == 0)
    let events = [("acme", 1), ("nobody", 2)].map { subject, day in
      """
      {"specversion":"1.0","id":"\(day)","source":"/s","type":"flew","subject":"\(subject)",\
      "time":"2013-01-0\(day)T10:00:00Z","data":{"seconds":7207}}
      """
    }
    try desk.write("events.ndjson", events.joined(separator: "\n"))
    try #require(try desk.run("import", desk.path("events.ndjson")).status == 0)
    let bill = try desk.run("bill", "--month", "2013-01", "--finalise")
    try #require(bill.status == 0, "\(bill.text)\(bill.errors)")
    let now = Instant(microsecondsSinceEpoch: Int64(Date().timeIntervalSince1970) * 1_000_000)!
    return (desk, String(now.description.prefix(10)))
  }

  private static func said(_ desk: CatalogFolder, _ words: String...) throws -> String {
    let outcome = try desk.run(words)
    #expect(outcome.status == 0, "\(words): \(outcome.errors)")
    return outcome.text
  }

  private static func refused(_ desk: CatalogFolder, _ words: String...) throws -> String {
    let outcome = try desk.run(words)
    #expect(outcome.status == 70, "\(words): \(outcome.text)")
    #expect(outcome.text == "")
    return outcome.errors
  }

  @Test func paidTakenBackAndRefused() throws {
    let (desk, today) = try Self.desk()
    let pay = ["pay", "INV-000001", "--reference", "bank 17", "--amount"]
    let paid = try desk.run(pay + ["100.00", "--date", today])
    #expect(paid.text.hasPrefix("INV-000001: payment 1, 100.00 EUR of \(today); paid 100.00, "))
    #expect(paid.text.contains("open 180.18 EUR, due "), "\(paid.text)\(paid.errors)")
    let doubled = try desk.run(pay + ["100.00", "--date", today])
    #expect(doubled.status == 70)
    #expect(
      doubled.errors == """
        usance: 100.00 EUR of \(today) with this reference is payment 1 of `acme-pbh~2013-01` \
        already; `again` says that this is another one

        """)
    #expect(try desk.run(pay + ["100.00", "--date", today, "--again"]).status == 0)
    let early = try desk.run(pay + ["1.00", "--date", "1999-01-01"])
    #expect(early.errors.contains("a payment of 1999-01-01 is not for it"), "\(early.errors)")
    let below = try desk.run(pay + ["-1.00", "--date", today])
    #expect(below.errors == "usance: 80.18 EUR of the invoice is open\n")
    let back = try Self.said(desk, "unpay", "acme-pbh~2013-01", "2", "--reason", "it bounced")
    #expect(back.hasPrefix("INV-000001: payment 2 taken back; paid 100.00, credited 0.00, "))
    let shown = try Self.said(desk, "invoices", "INV-000001")
    for text in [
      "INV-000001  final  acme  acme-pbh  2013-01\n", "2.001944",
      "net 280.18, tax 0.00, total 280.18 EUR",
      "taken back", "it bounced", "returned",
    ] {
      #expect(shown.contains(text), "\(text): \(shown)")
    }
    let missing = try Self.refused(desk, "unpay", "INV-000009", "1", "--reason", "none")
    #expect(missing == "usance: there is no invoice `INV-000009`\n")
  }

  @Test func creditedDisputedAndResolved() throws {
    let (desk, _) = try Self.desk()
    let note = try Self.said(
      desk, "credit", "INV-000001", "--reason", "half", "--line", "fee=50.00")
    #expect(note.hasPrefix("CN-000001: -50.00 EUR on INV-000001; paid 0.00, credited 50.00, "))
    #expect(try Self.said(desk, "credit-notes").contains("CN-000001  INV-000001  acme"))
    let dispute = try Self.said(desk, "dispute", "INV-000001", "use", "--reason", "not ours")
    #expect(dispute.hasPrefix("INV-000001: use in dispute; "), "\(dispute)")
    #expect(try Self.said(desk, "invoices", "--payment", "disputed").contains("INV-000001"))
    let upheld = try Self.said(
      desk, "resolve", "INV-000001", "use", "upheld", "--reason", "it flew")
    #expect(upheld.hasPrefix("INV-000001: use upheld; "), "\(upheld)")
    #expect(
      try Self.said(desk, "invoices", "--payment", "disputed") == "There is no such invoice.\n")
    let part = try Self.said(
      desk, "dispute", "INV-000001", "use", "--amount", "20.00", "--reason", "an hour less")
    #expect(part.contains("disputed 20.00"), "\(part)")
    let more = try Self.refused(
      desk, "dispute", "INV-000001", "fee", "--amount", "60.00", "--reason", "more than is left")
    #expect(more.contains("50.00"), "\(more)")
    let unknown = try Self.refused(desk, "dispute", "INV-000001", "none", "--reason", "x")
    #expect(unknown == "usance: the invoice has no line `none`\n")
  }

  @Test func goodwillAgreedAndTakenBack() throws {
    let (desk, _) = try Self.desk()
    let given = try Self.said(
      desk, "adjust", "acme-pbh", "--month", "2013-02", "--amount", "-20.00", "--reason", "late")
    #expect(given == "Adjustment 1: -20.00 EUR for acme-pbh in 2013-02\n")
    let back = try Self.said(desk, "unadjust", "1", "--reason", "wrong engine")
    #expect(back == "Adjustment 1 taken back; the next run of 2013-02 leaves it out\n")
    #expect(try Self.said(desk, "adjustments").contains("test: wrong engine"))
    #expect(
      try Self.said(desk, "accruals", "--month", "2013-02") == """
        contract  customer  month    unbilled  provisional  held back  currency  why not
        acme-pbh  acme      2013-02    100.00         0.00       0.00  EUR

        """)
    #expect(try Self.said(desk, "ledger").contains("receivable debit 280.18"))
  }

  @Test func usageAndEvents() throws {
    let (desk, _) = try Self.desk()
    let whole = try Self.said(
      desk, "usage", "time", "--customer", "acme", "--month", "2013-01")
    #expect(
      whole == """
        time: 2.001944 h in 1 event, from 2013-01-01T00:00:00Z until 2013-02-01T00:00:00Z

        """)
    let days = try Self.said(
      desk, "usage", "time", "--customer", "acme", "--start", "2013-01-01T00:00:00Z", "--end",
      "2013-01-03T00:00:00Z", "--window", "day")
    #expect(
      days.hasSuffix(
        """
        from                    value  unit  events
        2013-01-01T00:00:00  2.001944  h          1
        2013-01-02T00:00:00         0  h          0

        """), "\(days)")
    let unmatched = try Self.said(desk, "events", "--unmatched")
    #expect(
      unmatched == """
        event  time                  type  subject  source  id  status     reason
        2      2013-01-02T10:00:00Z  flew  nobody   /s      2   unmatched  unknown_subject

        """)
    let ofLine = try Self.said(desk, "events", "--invoice", "INV-000001", "--line", "use")
    #expect(
      ofLine == """
        event  time                  type  subject  source  id  status   reason  change
        1      2013-01-01T10:00:00Z  flew  acme     /s      1   counted

        """)
    #expect(
      try desk.run("events", "--invoice", "INV-000001").errors.contains("go together"))
    let one = try Self.said(desk, "events", "1")
    #expect(one.contains("billed by use of acme-pbh~2013-01"), "\(one)")
    let json = try JSON(parsing: Array(try Self.said(desk, "events", "--unmatched", "--json").utf8))
    #expect(json["items"]?.elements?.first?["reason"] == "unknown_subject")
    #expect(try Self.refused(desk, "events", "9") == "usance: there is no such event\n")
  }
}
