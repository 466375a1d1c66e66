import Foundation
import GRDB
import TestSupport
import Testing

extension RealServerTests {
  /// A run that finalises is killed at any point of it, month after month.
  @Suite(.serialized) struct BillingCrashTests {
    /// 5 in CI; `USANCE_CRASH_ROUNDS=100` and more before a release.
    private static let rounds =
      ProcessInfo.processInfo.environment["USANCE_CRASH_ROUNDS"].flatMap(Int.init) ?? 5
    /// A run writes a hundred in a transaction: a kill may strike between two of those.
    private static let contracts = 500
    /// So early that the last of some hundred months is over.
    private static let firstYear = 1990

    @Test("kill -9 during a run: no number lost or doubled, and the rerun finishes it")
    func killedRun() throws {
      var random = SeededRandom(seed: SeededRandom.runSeed)
      let (harmed, quiet) = (try TemporaryFolder(), try TemporaryFolder())
      // How long a whole run took last time, and how many kills struck in the middle of one.
      var (whole, struck) = (Duration.milliseconds(200), 0)
      for folder in [harmed, quiet] {
        let server = try ServerProcess(folder)
        defer { server.pullPlug() }
        try Self.agree(server, folder)
      }
      for round in 0..<Self.rounds {
        let month = "\(Self.firstYear + round / 12)-\(String(format: "%02d", round % 12 + 1))"
        let server = try ServerProcess(harmed)
        let (port, token) = (server.port, try ServerProcess.token("finance", harmed))
        let running = DispatchGroup()
        running.enter()
        Thread.detachNewThread {
          _ = try? Self.bill(month, port: port, token)
          running.leave()
        }
        // Half of the kills come at any time of a run, half once its first invoices are written.
        let isAimed = !round.isMultiple(of: 2)
        if isAimed { try Self.waitForFinal(of: month, harmed) }
        let latest = isAimed ? whole / 5 : whole
        usleep(UInt32.random(in: 0...UInt32(latest / .microseconds(1)), using: &random))
        server.pullPlug()
        try #require(running.wait(timeout: .now() + 30) == .success)
        #expect(try Self.complaints(harmed).isEmpty, "round \(round)")
        let finals = try Self.documents(harmed).count { $0.contains("~\(month) final ") }
        if finals > 0, finals < Self.contracts { struck += 1 }
        for folder in [harmed, quiet] {
          let server = try ServerProcess(folder)
          defer { server.pullPlug() }
          let token = try ServerProcess.token("finance", folder)
          let started = ContinuousClock.now
          let answer = try Self.bill(month, port: server.port, token)
          whole = started.duration(to: .now)
          #expect(answer.status == 200)
        }
        #expect(try Self.complaints(harmed).isEmpty, "round \(round)")
        #expect(try Self.documents(harmed) == Self.documents(quiet), "round \(round)")
      }
      #expect(try Self.documents(harmed).count == Self.rounds * Self.contracts)
      // Of many kills some come before the first invoice or behind the last one.
      #expect(Self.rounds < 20 || struck > Self.rounds / 4)
      print("billing: \(Self.rounds) kills, \(struck) of them between two invoices of a run")
    }

    private static func waitForFinal(of month: String, _ folder: TemporaryFolder) throws {
      let deadline = ContinuousClock.now + .seconds(60)
      while ContinuousClock.now < deadline {
        let isThere = try read(folder) { db in
          try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM invoice WHERE month = ? AND status = 'final')",
            arguments: [month])!
        }
        if isThere { return }
      }
      throw Connection.Broken(reason: "no invoice of \(month) was written")
    }

    private static func bill(
      _ month: String, port: UInt16, _ token: String
    ) throws -> Connection.Answer {
      try Connection(port: port).post(
        "/v1/billing-runs", token: token, #"{"month":"\#(month)","finalise":true}"#)
    }

    private static func agree(_ server: ServerProcess, _ folder: TemporaryFolder) throws {
      let contracts = (1...contracts).map { number in
        """
        "fee-\(number)":{"customer":"airline","currency":"USD","zone":"UTC",
        "from":"\(firstYear)-01-01",
        "clauses":[{"key":"fee","kind":"flatFee","amount":"\(number).00"}]}
        """
      }
      let answer = try Connection(port: server.port).post(
        "/v1/catalog", token: ServerProcess.token("operator", folder),
        """
        {"customers":{"airline":{"name":"An airline"}},
        "contracts":{\(contracts.joined(separator: ","))}}
        """)
      guard answer.status == 200 else {
        throw Connection.Broken(reason: "\(answer.status) \(answer.body)")
      }
    }

    /// Looks at the database from outside, without a line of the product's code.
    private static func complaints(_ folder: TemporaryFolder) throws -> [String] {
      let questions = [
        "numbers have a gap, or one is given twice": """
        SELECT count(*) <> coalesce(max(sequence), 0) OR count(DISTINCT sequence) <> count(*)
        FROM invoice WHERE status = 'final'
        """,
        "a number was used up for nothing": """
        SELECT coalesce((SELECT last FROM number_series WHERE series = 'INV'), 0)
          <> (SELECT count(*) FROM invoice WHERE status = 'final')
        """,
        "an invoice is half written": """
        SELECT EXISTS (SELECT 1 FROM invoice WHERE NOT json_valid(document))
          OR (SELECT count(*) FROM invoice WHERE status = 'final')
            <> (SELECT count(*) FROM invoice_event WHERE kind = 'finalised')
          OR (SELECT count(*) FROM invoice WHERE status = 'final')
            <> (SELECT count(*) FROM ledger_entry)
        """,
        "the ledger is not in balance": """
        SELECT coalesce(sum(debit) - sum(credit), 0) <> 0 FROM ledger_posting
        """,
        "a month has two invoices": """
        SELECT EXISTS (SELECT 1 FROM invoice GROUP BY contract, month HAVING count(*) > 1)
        """,
      ]
      return try read(folder) { db in
        try questions.filter { try Bool.fetchOne(db, sql: $0.value)! }.map(\.key)
      }
    }

    private static func documents(_ folder: TemporaryFolder) throws -> [String] {
      try read(folder) { db in
        try String.fetchAll(
          db, sql: "SELECT key || ' ' || status || ' ' || document FROM invoice ORDER BY key")
      }
    }

    private static func read<Value>(
      _ folder: TemporaryFolder, _ work: (Database) throws -> Value
    ) throws -> Value {
      var configuration = Configuration()
      configuration.readonly = true
      let queue = try DatabaseQueue(
        path: folder.path("data/usance.db"), configuration: configuration)
      defer { try? queue.close() }
      return try queue.read(work)
    }
  }
}
