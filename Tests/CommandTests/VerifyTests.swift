import Foundation
import GRDB
import TestSupport
import Testing

/// `usance verify` as finance runs it over a data folder.
@Suite struct VerifyTests {
  private static let agreed = """
    customers:
      acme: {name: Acme Air}
    meters:
      runs: {aggregation: count, eventTypes: [ran], unit: runs}
    contracts:
      acme-pbh:
        customer: acme
        currency: EUR
        zone: UTC
        from: 2013-01-01
        clauses: [{key: runs, kind: usageCharge, meter: runs, price: {model: perUnit, rate: 12.50}}]
    """

  /// Three runs in January, billed and final, and one in February; the server has gone.
  private static func world() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let desk = try CatalogFolder(folder)
    try desk.write("agreed.yaml", agreed)
    try #require(try desk.run("apply", desk.path("agreed.yaml"), "--yes").status == 0)
    let events = [5, 6, 7, 38].map { day in
      """
      {"specversion":"1.0","id":"run on day \(day)","source":"/s","type":"ran","subject":"acme",\
      "time":"2013-0\(day / 32 + 1)-0\(day % 32)T10:00:00Z"}
      """
    }
    try desk.write("events.ndjson", events.joined(separator: "\n"))
    try #require(try desk.run("import", desk.path("events.ndjson")).status == 0)
    let bill = try desk.run("bill", "--as-of", "2013-03-01", "--finalise")
    try #require(
      bill.text.contains("INV-000001  acme      acme-pbh  2013-01  37.50  0.00  37.50  EUR"),
      "\(bill.text)\(bill.errors)")
    #expect(try verify(folder).status == 0, "the service may go on")
    desk.server.process.send(SIGTERM)
    try #require(desk.server.process.wait(secondsMax: 30) == .exit(0))
    return folder
  }

  private static func verify(
    _ folder: TemporaryFolder
  ) throws -> (status: Int32, text: String, errors: String) {
    let child = try ChildProcess(
      BuiltBinary.url.path, ["verify", "--data", folder.path("data")],
      output: folder.path("found"), errors: folder.path("summed"))
    guard case .exit(let status) = child.wait(secondsMax: 60) else {
      throw Connection.Broken(reason: "it does not end")
    }
    return (status, folder.text("found"), folder.text("summed"))
  }

  /// One byte of a row: the first of some text in it, and what a disk makes of it.
  private struct Flip {
    let row: String
    let column: String
    let type: String
    let text: String
    let to: String
    let finding: String

    var statement: String {
      let (bytes, place) = (
        "CAST(\(column) AS BLOB)",
        "instr(CAST(\(column) AS BLOB), CAST('\(text)' AS BLOB))"
      )
      let table = row.split(separator: " ")[0]
      return """
        UPDATE \(table) SET \(column) = CAST(substr(\(bytes), 1, \(place) - 1) || '\(to)'
          || substr(\(bytes), \(place) + 1) AS \(type))
        WHERE \(row.dropFirst(table.count + 1)) AND \(place) > 0
        """
    }
  }

  private static let flips = [
    Flip(
      row: "event_page first = 1", column: "body", type: "BLOB", text: "run on day 6", to: "R",
      finding: "the page of the log from event 1 on is damaged"),
    Flip(
      row: "invoice sequence = 1", column: "document", type: "TEXT", text: "37.50\"", to: "9",
      finding: "the document of INV-000001 is not what was issued"),
    Flip(
      row: "ledger_entry sequence = 2", column: "body", type: "TEXT", text: "12.50\"", to: "9",
      finding: "ledger entry 2 is not what was written"),
  ]

  /// Past every trigger, as nobody but a disk or a fraud does it.
  private static func alter(_ folder: TemporaryFolder, _ flip: Flip) throws {
    let queue = try DatabaseQueue(path: folder.path("data/usance.db"))
    defer { try? queue.close() }
    try queue.write { db in
      let count = try db.changePastTriggers(flip.statement)
      #expect(count == 1, "\(flip.statement)")
    }
  }

  @Test func oneByteIsFoundAndNamed() throws {
    let folder = try Self.world()
    let sound = try Self.verify(folder)
    #expect(sound.status == 0, "\(sound.text)\(sound.errors)")
    #expect(
      sound.text == "Verified 1 page of events, 6 ledger entries, 2 invoices: no differences.\n")
    let database = URL(filePath: folder.path("data/usance.db"))
    let kept = try Data(contentsOf: database)
    for flip in Self.flips {
      try Self.alter(folder, flip)
      let found = try Self.verify(folder)
      #expect(found.status == 1, "\(flip.finding)")
      #expect(
        found.text.split(separator: "\n").contains { $0 == flip.finding },
        "\(flip.finding): \(found.text)")
      #expect(found.errors.contains(" in "), "\(found.errors)")
      // Another program that puts the byte back leaves pages behind with sums of their own.
      try kept.write(to: database)
    }
    #expect(try Self.verify(folder).status == 0, "every byte is where it was")
  }
}
