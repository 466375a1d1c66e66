import Base
import Foundation
import TestSupport
import Testing

/// `usance bill` as finance runs it, against a real server.
@Suite struct BillTests {
  /// A monthly and a quarterly fee; and one with a tax that has no rate for 2013.
  private static let agreed = """
    customers:
      acme: {name: Acme Air}
      bird: {name: Bird Air}
    taxes:
      vat: {name: VAT, category: S, rates: [{from: 2014-01-01, rate: 0.20}]}
    contracts:
      acme-month:
        customer: acme
        currency: EUR
        zone: Europe/Berlin
        from: 2013-01-01
        clauses: [{key: fee, kind: flatFee, amount: 100.00}]
      acme-quarter:
        customer: acme
        currency: EUR
        zone: Europe/Berlin
        billing: {every: quarter}
        from: 2013-01-01
        clauses: [{key: fee, kind: flatFee, amount: 300.00}]
      bird-taxed:
        customer: bird
        currency: USD
        zone: UTC
        from: 2013-03-01
        clauses: [{key: fee, kind: flatFee, amount: 50.00}]
        taxes: [{tax: vat}]
    """

  private static let mended = """
    taxes:
      vat: {name: VAT, category: S, rates: [{from: 2013-01-01, rate: 0.20}]}
    """

  private static func desk() throws -> CatalogFolder {
    let desk = try CatalogFolder()
    try desk.write("agreed.yaml", agreed)
    let applied = try desk.run("apply", desk.path("agreed.yaml"), "--yes")
    try #require(applied.status == 0, "\(applied.errors)")
    return desk
  }

  /// What a dry run shows is what the run does; what is parked says why, and ends with 1.
  @Test func allThatIsOverOnADay() throws {
    let desk = try Self.desk()
    let rows = """
      acme-month  2013-01  drafted  acme-month~2013-01  100.00  EUR
      acme-month  2013-02  drafted  acme-month~2013-02  100.00  EUR
      acme-month  2013-03  drafted  acme-month~2013-03  100.00  EUR
      acme-quarter  2013-01  drafted  acme-quarter~2013-01  300.00  EUR
      bird-taxed  2013-03  parked  -  -  -  no rate of the tax `vat` holds on 2013-03-31
      5 periods, 1 parked.
      """
    let shown = try desk.run("bill", "--as-of", "2013-04-01", "--dry-run")
    #expect(shown.status == 1)
    #expect(shown.text == rows + " Nothing was kept.\n")
    let run = try desk.run("bill", "--as-of", "2013-04-01")
    #expect(run.status == 1)
    #expect(run.text == rows + "\n")
    let again = try desk.run("bill", "--as-of", "2013-04-01")
    #expect(again.text == rows.replacing("drafted", with: "unchanged") + "\n")

    try desk.write("mended.yaml", Self.mended)
    #expect(try desk.run("apply", desk.path("mended.yaml"), "--yes").status == 0)
    let mended = try desk.run("bill", "--as-of", "2013-04-01", "--customer", "bird")
    #expect(mended.status == 0)
    #expect(
      mended.text == """
        bird-taxed  2013-03  drafted  bird-taxed~2013-03  60.00  USD
        1 period, 0 parked.

        """)
  }

  /// The quarter is not over at the end of February; what is final is not billed again.
  @Test func finalInvoicesAreDone() throws {
    let desk = try Self.desk()
    let first = try desk.run(
      "bill", "--as-of", "2013-03-01", "--customer", "acme", "--finalise")
    #expect(first.status == 0)
    let due = try #require(first.text.split(separator: "\n")[1].split(separator: " ").last)
    #expect(
      first.text == """
        number      customer  contract    period      net   tax   total  currency  due
        INV-000001  acme      acme-month  2013-01  100.00  0.00  100.00  EUR       \(due)
        INV-000002  acme      acme-month  2013-02  100.00  0.00  100.00  EUR       \(due)
        2 documents: net 200.00, tax 0.00, total 200.00 EUR
        2 finalised, 0 left open, 0 parked.

        """)
    let second = try desk.run("bill", "--as-of", "2013-03-01", "--customer", "acme")
    #expect(second.status == 0)
    #expect(second.text == "0 periods, 0 parked.\n")
    let month = try desk.run("bill", "--month", "2013-01", "--customer", "acme")
    #expect(
      month.text == """
        acme-month  2013-01  final  acme-month~2013-01  100.00  EUR
        acme-quarter  2013-01  drafted  acme-quarter~2013-01  300.00  EUR
        2 periods, 0 parked.

        """)
  }

  /// The run names what it did not issue, and why; what lies before it; and what counts nowhere.
  @Test func whatWasNotIssued() throws {
    let desk = try Self.desk()
    let events = (1...3).map { day in
      """
      {"specversion":"1.0","id":"\(day)","source":"/s","type":"ran","subject":"lost",\
      "time":"2013-03-0\(day)T10:00:00Z"}
      """
    }
    try desk.write("events.ndjson", events.joined(separator: "\n"))
    #expect(try desk.run("import", desk.path("events.ndjson")).status == 0)
    #expect(try desk.run("bill", "--month", "2013-01", "--finalise").status == 0)
    let march = try desk.run("bill", "--month", "2013-03", "--finalise")
    #expect(march.status == 1)
    let due = try #require(march.text.split(separator: "\n")[1].split(separator: " ").last)
    #expect(
      march.text == """
        number      customer  contract    period      net   tax   total  currency  due
        INV-000003  acme      acme-month  2013-03  100.00  0.00  100.00  EUR       \(due)
        1 document: net 100.00, tax 0.00, total 100.00 EUR
        Not issued:
          bird-taxed  2013-03  parked  no rate of the tax `vat` holds on 2013-03-31
        Earlier periods that nobody was billed for:
          acme-month  2013-02 was never billed
        Events that count nowhere, 3 (usance events --unmatched):
          unknown_subject  ran  lost  3, of 2013-03-01 to 2013-03-03
        1 finalised, 0 left open, 1 parked.

        """)
    let again = try desk.run("bill", "--month", "2013-03", "--customer", "acme", "--finalise")
    #expect(again.status == 0)
    #expect(
      again.text.hasPrefix(
        """
        Final before:
          INV-000003  acme-month  2013-03  100.00  EUR
        Earlier periods
        """), "\(again.text)")
    let json = try desk.run("bill", "--month", "2013-03", "--json")
    let document = try JSON(parsing: Array(json.text.utf8))
    #expect(document["results"]?.elements?.count == 2)
    #expect(document["neverBilled"]?.elements?.first?["first"] == "2013-02")
    #expect(document["unmatched"]?.elements?.count == 3)
  }

  @Test func aPeriodThatHasNotBegunSaysSo() throws {
    let desk = try Self.desk()
    let year = Calendar(identifier: .gregorian).component(.year, from: Date()) + 1
    let run = try desk.run("bill", "--month", "\(year)-06", "--customer", "bird", "--finalise")
    #expect(
      run.text.contains(
        "bird-taxed  \(year)-06  left open  the period ends at \(year)-07-01T00:00:00Z"),
      "\(run.text)")
    let dry = try desk.run("bill", "--month", "\(year)-06", "--customer", "bird", "--dry-run")
    #expect(
      dry.text.contains("\(year)-06 has not begun: it is from \(year)-06-01 until \(year)-07-01"),
      "\(dry.text)")
    let far = try desk.run("bill", "--month", "2999-01", "--customer", "bird", "--dry-run")
    #expect(far.status == 70)
    #expect(far.errors.contains("at most 36 months ahead"), "\(far.errors)")
  }

  @Test(
    "What cannot be meant is refused before anything is asked for",
    arguments: [
      ([], "say --month or --as-of"),
      (["--month", "2013-01", "--as-of", "2013-02-01"], "say --month or --as-of"),
      (["--month", "2013-13"], "is not a month"),
      (["--as-of", "tomorrow"], "expected a date such as 2013-01-01"),
      (["--month", "2013-01", "--dry-run", "--finalise"], "nothing is kept in a dry run"),
    ])
  func misuse(words: [String], complaint: String) throws {
    let folder = try TemporaryFolder()
    let child = try ChildProcess(
      BuiltBinary.url.path, ["bill"] + words + ["--token-file", folder.path("none")],
      output: folder.path("said"), errors: folder.path("complained"))
    #expect(child.wait(secondsMax: 30) == .exit(64))
    #expect(folder.text("complained").contains(complaint), "\(folder.text("complained"))")
  }

  @Test func aCustomerThatNobodyKnows() throws {
    let desk = try Self.desk()
    let run = try desk.run("bill", "--month", "2013-01", "--customer", "dodo")
    #expect(run.status == 70)
    #expect(run.text == "")
    #expect(run.errors == "usance: there is no customer `dodo`\n")
  }

  /// 700 contracts are asked for in three parts; who looks on sees each of them arrive.
  @Test func aLongRunShowsHowFarItIs() throws {
    let desk = try CatalogFolder()
    let contracts = (100..<800).map { number in
      """
        fee-\(number):
          customer: acme
          currency: EUR
          zone: UTC
          from: 2013-01-01
          clauses: [{key: fee, kind: flatFee, amount: \(number).00}]
      """
    }
    try desk.write(
      "agreed.yaml",
      "customers:\n  acme: {name: Acme}\ncontracts:\n" + contracts.joined(separator: "\n"))
    #expect(try desk.run("apply", desk.path("agreed.yaml"), "--yes").status == 0)
    let terminal = try Terminal()
    let child = try ChildProcess(
      BuiltBinary.url.path,
      [
        "bill", "--month", "2013-01", "--server", "http://127.0.0.1:\(desk.server.port)",
        "--token-file", desk.path("token-file"),
      ], output: desk.path("said"), errors: terminal.path)
    #expect(child.wait(secondsMax: 120) == .exit(0))
    let rows = desk.folder.text("said").split(separator: "\n")
    #expect(rows.count == 701)
    #expect(rows.first == "fee-100  2013-01  drafted  fee-100~2013-01  100.00  EUR")
    #expect(rows.last == "700 periods, 0 parked.")
    let seen = terminal.read()
    for percent in ["14 %  100 of 700", "71 %  500 of 700", "100 %  700 of 700"] {
      #expect(seen.contains(percent), "\(seen)")
    }
  }
}

/// A terminal without a person before it: programs that write to it believe that somebody looks.
private final class Terminal {
  private let master: Int32
  let path: String

  struct NotGiven: Error {}

  /// Numbers of Linux: the second asks for the number of a terminal, the first unlocks it.
  private static let (unlock, number) = (UInt(0x4004_5431), UInt(0x8004_5430))

  init() throws {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (lock, place) = (Int32(0), Int32(-1))
    guard master >= 0, ioctl(master, Self.unlock, &lock) == 0,
      ioctl(master, Self.number, &place) == 0
    else { throw NotGiven() }
    path = "/dev/pts/\(place)"
  }

  /// What was written so far.
  func read() -> String {
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    var (seen, bytes) = ([UInt8](), [UInt8](repeating: 0, count: 4096))
    while true {
      let count = Foundation.read(master, &bytes, bytes.count)
      guard count > 0 else { return String(decoding: seen, as: UTF8.self) }
      seen += bytes.prefix(count)
    }
  }

  deinit { close(master) }
}
