import Foundation
import TestSupport
import Testing

extension RealServerTests {
  /// A wall clock that jumps under a running service, as Documentation/Clock.md says.
  @Suite(.serialized) struct ClockTests {
    private let folder: TemporaryFolder
    private let hasFaketime: Bool

    init() throws {
      folder = try TemporaryFolder()
      let found = try? ChildProcess(
        "faketime", ["--version"], output: folder.path("said"), errors: folder.path("complained"))
      hasFaketime = found?.wait(secondsMax: 20) == .exit(0)
      if !hasFaketime { print("not checked: the package faketime is not installed") }
    }

    /// The program reads what the clock shows from a file, each time; timers run as ever.
    private var tracer: [String] {
      [
        "faketime", "-f", "+0", "env", "-u", "FAKETIME", "TZ=UTC",
        "FAKETIME_TIMESTAMP_FILE=" + folder.path("clock"), "FAKETIME_NO_CACHE=1",
        "FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1",
      ]
    }

    /// Such as `+10y` beside the real time, or `@2024-02-29 12:00:00` in UTC.
    private func set(_ time: String) throws {
      try Data((time + "\n").utf8).write(to: URL(filePath: folder.path("clock")), options: .atomic)
    }

    private func start() throws -> ServerProcess {
      try ServerProcess(folder, under: tracer)
    }

    /// Ends the service, and with it the program it runs under.
    private func end(_ server: ServerProcess) throws {
      let tracer = server.process.identifier
      let children = try String(
        contentsOfFile: "/proc/\(tracer)/task/\(tracer)/children", encoding: .utf8)
      kill(try #require(children.split(separator: " ").first.flatMap { pid_t($0) }), SIGTERM)
      #expect(server.process.wait(secondsMax: 20) == .exit(0))
    }

    private func command(_ words: String...) throws -> BuiltCommand {
      let made = try BuiltCommand(words, in: folder, under: tracer)
      try #require(made.status == 0, "\(words): \(made.errors)")
      return made
    }

    private func token(_ subject: String) throws -> String {
      try command(
        "token", "issue", "--data", folder.path("data"), "--role", "operator", "--subject", subject
      ).text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The address of a sign-in link, from `/sign-in/` on.
    private func link() throws -> String {
      let text = try command("token", "link", "--data", folder.path("data"), "--subject", "ann")
        .text
      return String(text[try #require(text.range(of: "/sign-in/")).lowerBound...])
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func identifier(of subject: String) throws -> String {
      let row = try command("token", "list", "--data", folder.path("data"), "--subject", subject)
        .text.split(separator: "\n").last
      return String(try #require(row?.split(separator: " ").first))
    }

    @Test("no jump brings back a revoked token or a used link; tokens are good by the clock")
    func tokens() throws {
      guard hasFaketime else { return }
      try set("+0")
      var server = try start()
      let (mine, stolen) = (try token("me"), try token("stolen"))
      let (used, unused) = (try link(), try link())
      func status(_ token: String) throws -> Int {
        try Connection(port: server.port).get("/v1/invoices", token: token).status
      }
      func visit(_ link: String) throws -> Int {
        try Connection(port: server.port).get(link).status
      }
      func revoke(_ id: String, _ token: String) throws -> Int {
        try Connection(port: server.port).post(
          "/v1/token-revocations", token: token, #"{"jti":"\#(id)"}"#
        ).status
      }
      #expect(try revoke(identifier(of: "stolen"), mine) == 204)
      #expect(try visit(used) == 303)
      for step in ["+0", "+1h", "+10y", "+0", "-1h", "+0"] {
        try set(step)
        #expect(try status(stolen) == 401, "\(step)")
        #expect(try visit(used) == 401, "\(step)")
        // What is written now forgets what a clock that is wrong calls long past.
        let other = try token("other \(step)")
        #expect(try status(other) == 200, "\(step)")
        #expect(try revoke("of nobody \(step)", other) == 204)
        if step != "+0" { #expect(try visit(unused) != 303, "\(step)") }
        try end(server)
        server = try start()
        #expect(try status(stolen) == 401, "\(step), after a start")
        #expect(try visit(used) == 401, "\(step), after a start")
        // Not yet made, or expired: by the clock.
        #expect(try status(mine) == (["+10y", "-1h"].contains(step) ? 401 : 200), "\(step)")
      }
      #expect(try visit(unused) == 303)
    }

    @Test("over 29 February: numbers go on by one, days are those of the calendar, verify agrees")
    func documents() throws {
      guard hasFaketime else { return }
      try set("@2024-02-28 23:30:00")
      let server = try start()
      let token = try token("finance")
      let connection = try Connection(port: server.port)
      func post(_ path: String, _ body: String) throws -> Connection.Answer {
        try connection.post(path, token: token, body)
      }
      let contracts = (1...6).map { number in
        """
        "c\(number)":{"customer":"acme","currency":"EUR","zone":"UTC","from":"2024-01-01",
        "invoicing":{"finaliseAfter":28},
        "clauses":[{"key":"fee","kind":"flatFee","amount":"100.00"}]}
        """
      }
      let agreed = try post(
        "/v1/catalog",
        """
        {"customers":{"acme":{"name":"Acme","paymentDays":30}},
        "contracts":{\(contracts.joined(separator: ","))}}
        """)
      #expect(agreed.status == 200, "\(agreed.body)")
      #expect(try post("/v1/billing-runs", #"{"month":"2024-01"}"#).status == 200)
      // The grace period ends as 29 February begins.
      let early = try post("/v1/invoices/c1~2024-01/finalise", "{}")
      #expect(early.status == 409)
      #expect(early.body.contains("2024-02-29T00:00:00Z"), "\(early.body)")
      var numbers: [String] = []
      for (contract, time, due) in [
        ("c1", "@2024-02-29 00:30:00", "2024-03-30"), ("c2", "@2024-02-29 01:30:00", "2024-03-30"),
        ("c3", "@2034-02-28 12:00:00", "2034-03-30"), ("c4", "@2024-02-29 00:31:00", "2024-03-30"),
        ("c5", "@2025-02-28 12:00:00", "2025-03-30"),
      ] {
        try set(time)
        let token = try self.token("at \(time)")
        let answer = try connection.post(
          "/v1/invoices/\(contract)~2024-01/finalise", token: token, "{}")
        #expect(answer.status == 200, "\(time): \(answer.body)")
        let invoice = try #require(
          JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any])
        numbers.append(invoice["number"] as? String ?? "none")
        #expect(invoice["due"] as? String == due, "\(time)")
      }
      #expect(numbers == (1...5).map { "INV-00000\($0)" })
      // An hour back is before the grace period ends, again.
      try set("@2024-02-28 23:30:00")
      let again = try connection.post(
        "/v1/invoices/c6~2024-01/finalise", token: self.token("again"), "{}")
      #expect(again.status == 409, "\(again.body)")
      try end(server)
      #expect(try command("verify", "--data", folder.path("data")).text.contains("5 invoices"))
    }

    @Test("verify finds no difference where the clock stepped back between two acts")
    func steppedBack() throws {
      guard hasFaketime else { return }
      try set("@2024-06-01 12:00:00")
      let server = try start()
      let connection = try Connection(port: server.port)
      func post(_ path: String, _ body: String, at time: String) throws {
        try set(time)
        let token = try token("finance at \(time)")
        let answer = try connection.post(path, token: token, body)
        #expect([200, 201].contains(answer.status), "\(time) \(path): \(answer.body)")
      }
      func agree(_ amount: String, _ effective: String, at time: String) throws {
        try post(
          "/v1/catalog",
          """
          {"customers":{"acme":{"name":"Acme"}},
          "contracts":{"c":{"customer":"acme","currency":"EUR","zone":"UTC","from":"2024-01-01",
          "effective":"\(effective)",
          "clauses":[{"key":"fee","kind":"flatFee","amount":"\(amount)"}]}}}
          """, at: time)
      }
      func bill(_ month: String, at time: String) throws {
        try post("/v1/billing-runs", #"{"month":"\#(month)","finalise":true}"#, at: time)
      }
      try agree("100.00", "2024-01-01", at: "@2024-06-01 12:00:00")
      try bill("2024-01", at: "@2024-06-01 12:01:00")
      try agree("120.00", "2024-02-01", at: "@2024-06-01 12:02:00")
      try post(
        "/v1/invoices/c~2024-01/credit-notes", #"{"reason":"too much"}"#,
        at: "@2024-06-01 12:03:00")
      try bill("2024-02", at: "@2024-06-01 11:00:00")
      try agree("130.00", "2024-03-01", at: "@2024-06-01 11:01:00")
      try bill("2024-03", at: "@2024-06-01 10:00:00")
      try end(server)
      #expect(try command("verify", "--data", folder.path("data")).text.contains("3 invoices"))
    }
  }
}
