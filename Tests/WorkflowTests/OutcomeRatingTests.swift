import Base
import Contracts
import Metering
import Rating
import Testing
import Workflow

/// Two bots, each with a tier of its own: the first outcome of each costs 2.00, others 1.00.
@Suite struct OutcomeRunTests {
  private static func contract() throws -> Contract {
    let text = """
      {"customer":"acme","currency":"EUR","zone":"UTC","from":"2026-01-01","clauses":[
       {"key":"fee","kind":"flatFee","amount":"5"},
       {"key":"cases","kind":"confirmedOutcome","perAsset":true,"meter":"cases",
        "prices":[{"upTo":1,"confirmed":"2.00","assumed":"2.00"},
                  {"confirmed":"1.00","assumed":"1.00"}],
        "confirmWithinHours":24,"reverseWithinHours":24}]}
      """
    return try Contract(Node(JSON(parsing: Array(text.utf8))), key: ContractKey("c"))
  }

  @Test func eachAssetHasAnAccountOfItsOwn() throws {
    let contract = try Self.contract()
    let run = OutcomeRating(
      contract, at: try #require(Instant("2026-05-10T00:00:00Z")), zone: .utc,
      assets: [try AssetKey("bot-1"), try AssetKey("bot-2")],
      history: ContractHistory(contract))
    #expect(run.requests.map { $0.assets?.map(\.text) } == [["bot-1"], ["bot-2"]])
    #expect(
      Set(run.requests.map { "\($0.period.start) \($0.meter)" }).sorted() == [
        "2026-01-01T00:00:00Z cases"
      ])
    var facts: [EventRequest: [EventFact]] = [:]
    for (request, outcomes) in zip(run.requests, [["a", "b"], ["c", "late"]]) {
      facts[request] = try outcomes.enumerated().map { number, outcome in
        let day = outcome == "late" ? "09T12" : "0\(number + 1)T12"
        return EventFact(
          .init(
            source: "/bots", id: outcome,
            occurred: try #require(Instant("2026-05-\(day):00:00Z"))), type: "case",
          subject: request.assets?.first?.text ?? "", value: try Fixed("1"),
          data: ["outcome": .string(outcome), "transition": "claim"])
      }
    }
    let accounts = try run.accounts(EventTable(facts))
    #expect(
      accounts.flatMap { account in
        account.account.entries.map { entry in
          let standing = entry.outcome.standing
          return """
            \(account.clause) \(account.asset?.text ?? "-") \(entry.outcome.key) \
            \(standing.state.rawValue) \(standing.since) \(entry.price?.description ?? "-")
            """
        }
      } == [
        "cases bot-1 a assumed 2026-05-02T12:00:00Z 2.00",
        "cases bot-1 b assumed 2026-05-03T12:00:00Z 1.00",
        "cases bot-2 c assumed 2026-05-02T12:00:00Z 2.00",
        "cases bot-2 late pending 2026-05-09T12:00:00Z -",
      ])
  }
}
