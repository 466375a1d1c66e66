import Base
import Foundation
import TestSupport
import Testing

@testable import Command

/// `usance import` as a person runs it, against a real server.
@Suite struct ImportTests {
  private static let mapping = """
    source: {constant: //acme/history}
    type: {constant: engine.ran}
    id: {columns: [engine, number]}
    subject: {column: engine}
    time: {column: at, format: epochSeconds}
    data:
      seconds: {column: ran, kind: number}
    """

  /// 2013-01-05T08:00:00Z and later, a minute each.
  private static func row(_ number: Int) -> String {
    "engine-1,\(number),\(1_357_372_800 + number * 60),\(number % 7 + 1)"
  }

  private static func table(_ count: Int) -> String {
    (["engine,number,at,ran"] + (0..<count).map(row)).joined(separator: "\n") + "\n"
  }

  @Test func theRowsOfATableCountOnce() throws {
    let desk = try ImportDesk()
    try desk.write("rows.csv", Self.table(2_500))
    let once = try desk.run("rows.csv")
    #expect(once.status == 0)
    #expect(
      once.text == "Read 2500 rows: 2500 accepted, 0 duplicate, 0 conflicting, 0 rejected.\n")
    let usage = try desk.engine.usage()
    #expect(usage == "\(desk.seconds(2_500)) s of 2500 events")
    let twice = try desk.run("rows.csv")
    #expect(twice.status == 0)
    #expect(
      twice.text == "Read 2500 rows: 0 accepted, 2500 duplicate, 0 conflicting, 0 rejected.\n")
    #expect(try desk.engine.usage() == usage)
    #expect(try desk.leftovers("rows.csv") == [])
  }

  @Test func refusedRowsAreNamedAndKept() throws {
    let desk = try ImportDesk()
    try desk.write(
      "rows.csv",
      """
      engine,number,at,ran
      \(Self.row(1))
      engine-1,2,yesterday,3
      engine-1,3
      \(Self.row(4))
      engine-1,4,0,99
      engine-1,5,99999999999,1
      """)
    let outcome = try desk.run("rows.csv")
    #expect(outcome.status == 1)
    #expect(
      outcome.text.hasPrefix(
        """
        Read 6 rows: 2 accepted, 0 duplicate, 1 conflicting, 3 rejected.
          line 3, column 3 (`at`): the cell is not a time
        """))
    let rejected = try desk.rejected("rows.csv")
    #expect(
      rejected.map { "\($0["line"]?.text ?? "") \($0["code"]?.stringValue ?? "")" }.sorted() == [
        "3 invalid_value", "4 malformed_document", "6 conflicting_event", "7 future_event",
      ])
    // Nothing of the second batch could be counted: that is no reason to lose its reasons.
    let again = try desk.run("rows.csv")
    #expect(
      again.text.hasPrefix("Read 6 rows: 0 accepted, 2 duplicate, 1 conflicting, 3 rejected."))
    #expect(try desk.rejected("rows.csv").count == 4)
  }

  /// Where not one event of a batch counts, the server refuses it whole.
  @Test func aBatchWithoutAnyGoodRowIsNamedRowByRow() throws {
    let desk = try ImportDesk()
    try desk.write("rows.csv", Self.table(1))
    #expect(try desk.run("rows.csv").status == 0)
    try desk.write(
      "bad.csv",
      "engine,number,at,ran\nengine-1,0,0,9\nengine-1,7,99999999999,1\nengine-1,8,99999999999,1\n")
    let outcome = try desk.run("bad.csv")
    #expect(outcome.status == 1)
    #expect(
      outcome.text.hasPrefix("Read 3 rows: 0 accepted, 0 duplicate, 1 conflicting, 2 rejected."))
    #expect(try desk.rejected("bad.csv").compactMap { $0["line"]?.count } == [2, 3, 4])
  }

  @Test func whatStandsBeforeALostQuoteIsPosted() throws {
    let desk = try ImportDesk()
    try desk.write("rows.csv", Self.table(3) + "engine-1,\"3,0,0\n")
    let outcome = try desk.run("rows.csv")
    #expect(outcome.status != 0)
    #expect(outcome.errors.contains("the row of lines 5 to 6, column 2: a quote that is never"))
    #expect(try desk.engine.usage().hasSuffix("of 3 events"))
  }

  @Test func linesOfJSONNeedNoMapping() throws {
    let desk = try ImportDesk()
    let event = #""specversion":"1.0","source":"s","type":"engine.ran","subject":"engine-1""#
    try desk.write(
      "lines.ndjson",
      """
      \u{FEFF}{\(event),"id":"1","time":"2013-01-05T08:00:00Z","data":{"seconds":60}}\r
      \r
      {"id":
      {\(event),"id":"2","time":"2013-01-05T08:00:00Z","data":{"seconds":60}}
      """)
    let outcome = try desk.run("lines.ndjson", isTable: false)
    #expect(outcome.status == 1)
    #expect(outcome.text.hasPrefix("Read 3 rows: 2 accepted, 0 duplicate, 0 conflicting, 1 rejec"))
    #expect(try desk.rejected("lines.ndjson").map { $0["row"] } == [.string("{\"id\":")])
    #expect(try desk.engine.usage() == "120 s of 2 events")
  }

  /// In two members, as `cat` makes of two files.
  @Test func aCompressedTableIsInflatedOnTheWay() throws {
    let desk = try ImportDesk()
    let table = Array(Self.table(1_500).utf8)
    let bytes = gzipped(Array(table[..<7_001])) + gzipped(Array(table[7_001...]))
    try desk.write("rows.csv.gz", bytes)
    #expect(try desk.run("rows.csv.gz").text.hasPrefix("Read 1500 rows: 1500 accepted"))
    #expect(try desk.engine.usage() == "\(desk.seconds(1_500)) s of 1500 events")
    try desk.write("rows.csv.gz", Array(bytes.dropLast(9)))
    #expect(try desk.run("rows.csv.gz").errors.contains("the gzip breaks off"))
    try desk.write("rows.csv.gz", table)
    #expect(try desk.run("rows.csv.gz").errors.contains("it is not sound gzip"))
  }

  @Test func aTableNeedsAMappingAndATokenMustBeGood() throws {
    let desk = try ImportDesk()
    try desk.write("rows.csv", Self.table(1))
    #expect(try desk.run("rows.csv", isTable: false).errors.contains("--mapping"))
    try desk.write("token", "no token\n")
    let outcome = try desk.run("rows.csv")
    #expect(outcome.status != 0)
    #expect(outcome.errors.contains("missing, expired or invalid token"))
  }

  /// Killed in the middle, and started again with the same words.
  @Test func anImportThatWasKilledGoesOn() throws {
    let desk = try ImportDesk()
    let count = 12_000
    try desk.write("rows.csv", Self.table(count) + "engine-1,x,soon,1\n")
    let child = try desk.start("rows.csv")
    let deadline = ContinuousClock.now + .seconds(60)
    while try desk.leftovers("rows.csv").isEmpty, ContinuousClock.now < deadline { usleep(1_000) }
    child.send(SIGKILL)
    #expect(child.wait(secondsMax: 10) == .signal(SIGKILL))
    #expect(try desk.leftovers("rows.csv") == ["rows.csv.position"])

    let outcome = try desk.run("rows.csv")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("Resuming after "))
    let words = outcome.text.split(separator: " ")
    #expect(words[1] == "\(count + 1)")
    // One batch at most was under way when it was killed; all else was posted once.
    let (accepted, duplicate) = (Int(words[3]) ?? 0, Int(words[5]) ?? 0)
    #expect(accepted + duplicate == count)
    #expect(duplicate == 0 || duplicate == 1_000)
    #expect(try desk.engine.usage() == "\(desk.seconds(count)) s of \(count) events")
    #expect(try desk.rejected("rows.csv").count == 1)
    #expect(try desk.leftovers("rows.csv") == ["rows.csv.rejected.ndjson"])
  }

  /// The server dies under it and comes back.
  @Test func anImportOutlivesItsServer() throws {
    let desk = try ImportDesk()
    let count = 12_000
    try desk.write("rows.csv", Self.table(count))
    let child = try desk.start("rows.csv")
    let deadline = ContinuousClock.now + .seconds(60)
    while try desk.leftovers("rows.csv").isEmpty, ContinuousClock.now < deadline { usleep(1_000) }
    try desk.engine.pullPlugAndStart(afterSeconds: 0.5)
    #expect(child.wait(secondsMax: 120) == .exit(0), "\(desk.errors)")
    #expect(try desk.engine.usage() == "\(desk.seconds(count)) s of \(count) events")
  }

  /// A server, and a folder of files to import.
  private struct ImportDesk {
    struct Outcome {
      let status: Int32
      let text: String
      let errors: String
    }

    let engine: EngineDesk

    init() throws {
      engine = try EngineDesk()
      try write("mapping.yaml", ImportTests.mapping)
      try write("token", engine.token("device") + "\n")
    }

    func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

    func write(_ name: String, _ bytes: [UInt8]) throws {
      try Data(bytes).write(to: URL(filePath: engine.folder.path(name)))
    }

    func start(_ file: String, isTable: Bool = true) throws -> ChildProcess {
      let words = ["import", path(file), "--server", engine.address, "--token-file", path("token")]
      return try ChildProcess(
        BuiltBinary.url.path, words + (isTable ? ["--mapping", path("mapping.yaml")] : []),
        output: path("import-output"), errors: path("import-errors"))
    }

    func run(_ file: String, isTable: Bool = true) throws -> Outcome {
      let child = try start(file, isTable: isTable)
      guard case .exit(let status) = child.wait(secondsMax: 120) else {
        throw Connection.Broken(reason: "the import does not end")
      }
      return Outcome(status: status, text: engine.folder.text("import-output"), errors: errors)
    }

    var errors: String { engine.folder.text("import-errors") }

    func rejected(_ file: String) throws -> [JSON] {
      try engine.folder.text(file + ".rejected.ndjson").split(separator: "\n").map {
        try JSON(parsing: Array($0.utf8))
      }
    }

    /// What stands beside the file.
    func leftovers(_ file: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: engine.folder.url.path)
        .filter { $0.hasPrefix(file + ".") }.sorted()
    }

    /// The sum of the seconds of that many rows.
    func seconds(_ count: Int) -> Int { (0..<count).reduce(0) { $0 + $1 % 7 + 1 } }

    private func path(_ name: String) -> String { engine.folder.path(name) }
  }
}
