import Base
import Foundation
import TestSupport
import Testing

/// The real program under requests that nobody thought of. `make fuzz-http` gives it ten minutes;
/// `USANCE_SEED` says which ones.
@Suite(.serialized) struct HTTPFuzzTests {
  private static let secondsMax = Duration.seconds(10)

  private static var seconds: Int {
    ProcessInfo.processInfo.environment["FUZZ_SECONDS"].flatMap { Int($0) } ?? 5
  }

  /// A service with agreements, events and a draft.
  private final class Target {
    let folder: TemporaryFolder
    let server: ServerProcess
    let token: String
    private var connection: Connection

    init() throws {
      folder = try TemporaryFolder()
      server = try ServerProcess(folder)
      token = try ServerProcess.token("operator", folder)
      connection = try Connection(port: server.port)
      let agreed: [(String, JSON)] = [
        ("meters/hours", TestService.hours), ("meters/cycles", TestService.cycles),
        ("meters/flights", TestService.flights), ("customers/acme", ["name": "Acme"]),
        ("contracts/acme-hours", TestService.contract("acme")),
        ("assets/N1", TestService.asset(("acme-hours", "2012-12-31T00:00:00Z", nil))),
      ]
      for (path, document) in agreed {
        let answer = try connection.put("/v1/\(path)", token: token, document.text)
        try #require(answer.status == 201, "\(path): \(answer.body)")
      }
      try agreeOnFees()
      let events = JSON.array((0..<20).map { SampleEvent(id: "\($0)").json })
      let posted = try connection.post(events.text, token: token, isBatch: true)
      try #require(posted.count("accepted") == 20, "\(posted.body)")
      let run = try connection.post(
        "/v1/billing-runs", token: token, #"{"month":"2013-01"}"#)
      try #require(run.status == 200, "\(run.body)")
    }

    /// Fees before and behind their time, of a contract that runs, of one that is over, and of one
    /// that began on the first day on which any may.
    private func agreeOnFees() throws {
      let fees =
        #"{"key":"a","kind":"recurringFee","amount":"20.00","every":"year","due":"advance"}"#
        + #",{"key":"b","kind":"recurringFee","amount":"20.00","every":"quarter"}"#
      let terms = [
        ("fees", #""from":"2013-01-31","billing":{"every":"quarter","anchorDay":31}"#),
        ("ended", #""from":"2012-01-15","until":"2012-12-20""#),
        ("first", #""from":"1900-01-01","until":"1900-01-10""#),
      ]
      for (key, term) in terms {
        let answer = try connection.put(
          "/v1/contracts/\(key)", token: token,
          #"{"customer":"acme","currency":"EUR","zone":"UTC",\#(term),"clauses":[\#(fees)]}"#)
        #expect(answer.status == 201, "\(key): \(answer.body)")
      }
    }

    /// The status of the answer; a fault of the service is recorded.
    func send(_ request: HostileRequests.Request, _ origin: String) throws {
      let what =
        "\(origin): \(request.method) \(request.target.prefix(300)) "
        + "\(request.headers) \(request.body.prefix(600))"
      let started = ContinuousClock.now
      do {
        let status = try connection.exchange(
          request.method, request.target, ["Authorization: Bearer \(token)"] + request.headers,
          request.body
        ).status
        #expect((100..<500).contains(status) || status == 503, "\(status) \(what)")
      } catch let broken as Connection.Broken {
        try #require(server.process.wait(secondsMax: 1) == nil, "it ended: \(what)")
        // To hang up is an answer to what is not HTTP, where the service lives on.
        connection = try Connection(port: server.port)
        let alive = try connection.get("/livez").status
        #expect(alive == 200, "\(broken.reason) \(what)")
      }
      #expect(started.duration(to: .now) < HTTPFuzzTests.secondsMax, "too long: \(what)")
    }
  }

  @Test func everyParameterWithEveryHostileValue() throws {
    let target = try Target()
    let requests = try HostileRequests().sweep
    #expect(requests.count > 3000, "\(requests.count)")
    for request in requests { try target.send(request, "sweep") }
  }

  /// Where a loop goes from period to period, and there is no next one.
  @Test func theEndsOfTheCalendar() throws {
    let target = try Target()
    for day in ["0001-01-01", "0001-01-31", "0001-12-31", "0002-02-28", "9999-12-31", "9999-11-30"]
    {
      let requests: [(String, String)] = [
        ("billing-runs", #"{"asOf":"\#(day)"}"#),
        ("billing-runs", #"{"month":"\#(day.prefix(7))","dryRun":true}"#),
        ("billing-runs", #"{"month":"\#(day.prefix(7))"}"#),
        ("simulations", #"{"from":"\#(day.prefix(7))","versions":{"fees":1,"first":1}}"#),
      ]
      for (path, body) in requests {
        try target.send(
          .init(
            method: "POST", target: "/v1/\(path)", headers: ["Content-Type: application/json"],
            body: body), "calendar")
      }
      for path in [
        "accruals?month=", "unbilled-usage?month=", "usage?meter=hours&contract=first&month=",
        "usage?meter=hours&contract=fees&window=period&month=",
      ] {
        try target.send(
          .init(method: "GET", target: "/v1/\(path)\(day.prefix(7))"), "calendar")
      }
      try target.send(
        .init(
          method: "GET",
          target: "/v1/customers/acme/value-report?from=\(day.prefix(7))&to=\(day.prefix(7))"),
        "calendar")
    }
  }

  @Test func severalThingsAtOnce() throws {
    let target = try Target()
    let requests = try HostileRequests()
    var random = SeededRandom(seed: SeededRandom.runSeed)
    let end = ContinuousClock.now + .seconds(Self.seconds)
    var count = 0
    while ContinuousClock.now < end {
      try target.send(
        requests.random(&random), "seed \(SeededRandom.runSeed), request \(count)")
      count += 1
    }
    print("\(count) hostile requests in \(Self.seconds) s")
    #expect(count > 100)
  }
}
