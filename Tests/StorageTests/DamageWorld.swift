import Base
import Contracts
import Foundation
import GRDB
import Metering
import Rating
import Settlement
import TestSupport
import Valuation
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

/// A folder with something in every table, closed, from which copies are made to be damaged.
struct DamageWorld {
  /// Small, so that there are runs of identities, some of them merged.
  static let recentIdentitiesMax = 64
  static let months = ["2013-01", "2013-02"]

  let temporary: TemporaryFolder
  let contracts: Int

  init(contracts: Int) async throws {
    self.contracts = contracts
    temporary = try TemporaryFolder(inMemory: true)
    let workspace = try Workspace(in: temporary, recentIdentitiesMax: Self.recentIdentitiesMax)
    try agree(workspace)
    try await post(workspace)
    try settle(workspace)
    // Behind what is billed: it would be a correction.
    _ = try await workspace.post([event(1, "late", "2013-01-20")])
    while try workspace.commit.maintain() {}
    try workspace.close()
  }

  var database: String { temporary.path("usance.db") }

  /// Another folder with the same database, in which something may have been changed.
  func copy(_ change: (String) throws -> Void = { _ in }) throws -> TemporaryFolder {
    let folder = try TemporaryFolder(inMemory: true)
    try FileManager.default.copyItem(atPath: database, toPath: folder.path("usance.db"))
    try change(folder.path("usance.db"))
    return folder
  }

  static func open(_ folder: TemporaryFolder) throws -> Workspace {
    try Workspace(in: folder, recentIdentitiesMax: recentIdentitiesMax)
  }

  private func agree(_ workspace: Workspace) throws {
    try workspace.put(.meter, "time", Workspace.sum(allowsNegative: false))
    try workspace.put(
      .meter, "runs", ["aggregation": "count", "eventTypes": ["ran"], "unit": "runs"])
    try workspace.put(
      .meter, "kinds",
      [
        "aggregation": "uniqueCount", "eventTypes": ["ran"], "unit": "kinds", "value": "/seconds",
      ])
    for number in 1...contracts {
      try workspace.put(.customer, "airline-\(number)", ["name": .string("Airline \(number)")])
      try workspace.put(
        .contract, "hours-\(number)",
        [
          "customer": .string("airline-\(number)"), "currency": "USD", "zone": "UTC",
          "from": "2013-01-01",
          "clauses": [
            [
              "key": "engines", "kind": "severityHours", "hours": "time", "cycles": "runs",
              "rate": "100.00", "cycleRate": "1.00",
            ]
          ],
        ])
      try workspace.put(
        .asset, "engine-\(number)",
        [
          "assignments": [
            ["contract": .string("hours-\(number)"), "from": "2013-01-01T00:00:00Z"]
          ]
        ])
    }
  }

  private func event(_ number: Int, _ id: String, _ day: String, seconds: Int64 = 3600) -> JSON {
    Workspace.event(
      "\(number) \(id)", seconds: seconds, time: "\(day)T\(10 + number % 10):00:00Z",
      subject: "engine-\(number)")
  }

  private func post(_ workspace: Workspace) async throws {
    for day in ["01-05", "01-12", "01-19", "02-02", "02-09", "02-16"].map({ "2013-\($0)" }) {
      _ = try await workspace.post(
        (1...contracts).flatMap { number in
          (0..<4).map { event(number, "\(day) \($0)", day, seconds: 1800 + Int64($0) * 60) }
        })
    }
    _ = try await workspace.post(
      [
        Workspace.correction(
          "c1", of: "1 2013-01-05 0", amend: ["data": ["seconds": 7200]]),
        Workspace.correction("c2", of: "2 2013-01-05 1"),
        Workspace.correction("c3", of: "nobody knows"),
        event(3, "2013-01-05 2", "2013-01-05", seconds: 99),
        Workspace.event("stranger", subject: "nobody"),
      ])
    // What came before falls idle, and is packed.
    for number in 0..<8 {
      _ = try await workspace.post([event(1, "m\(number)", "2013-03-0\(number + 1)")])
    }
  }

  private func settle(_ workspace: Workspace) throws {
    for month in Self.months {
      _ = try workspace.billing.run(BillingMonth(month), now: Workspace.now)
    }
    _ = try workspace.billing.run(BillingMonth("2013-03"), now: Workspace.now)
    for number in 1...contracts {
      for month in Self.months {
        _ = try workspace.finalise(InvoiceKey("hours-\(number)~\(month)"))
      }
    }
    let desk = workspace.settlement
    func act(_ body: (any Books) throws -> Void) throws {
      try desk.act(by: "finance", at: Workspace.now, body)
    }
    try act {
      _ = try desk.pay(
        InvoiceKey("hours-1~2013-01"),
        PaymentEntry(
          amount: Fixed("10.00"), date: CivilDate(year: 2013, month: 6, day: 1)!, reference: "p"),
        $0)
      let note = try desk.credit(InvoiceKey("hours-2~2013-01"), nil, reason: "too much", $0)
      _ = try desk.voidCreditNote(note.number, reason: "not so", $0)
      _ = try desk.credit(InvoiceKey("hours-3~2013-01"), nil, reason: "too much", $0)
      for reason in ["agreed", "a mistake"] {
        let adjustment = try desk.adjust(
          desk.adjustment(
            Node([
              "contract": "hours-4", "month": "2013-03", "kind": "goodwill", "amount": "-5.00",
              "reason": .string(reason),
            ]), $0), $0)
        guard reason == "a mistake" else { continue }
        _ = try desk.withdrawAdjustment(adjustment.number, reason: "it was one", $0)
      }
    }
  }
}

extension Workspace {
  /// Leaves all that was written in the database itself, and nothing in the journal.
  func close() throws {
    try store.pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    try store.pool.close()
  }
}

/// All that a service says of a folder, figure by figure.
enum Figures {
  enum Answer: Equatable {
    case said(String)
    /// With a reason that says that something is damaged.
    case refused
    case failed(String)
  }

  static func all(_ workspace: Workspace, _ world: DamageWorld) -> [String: Answer] {
    var answers: [String: Answer] = [:]
    func ask(_ name: String, _ body: () throws -> Any) {
      do {
        answers[name] = .said("\(try body())")
      } catch {
        let isDamage = Fault(ofDamage: error) != nil
        answers[name] = isDamage ? .refused : .failed("\(error)")
      }
    }
    ask("catalog") { try workspace.catalogs.all().document.text }
    ask("events") { try workspace.events.list(EventQuery(), after: 0, limit: 1000).events }
    ask("conflicts") {
      try workspace.events.list(EventQuery(status: .conflicting), after: 0, limit: 100).events
    }
    ask("unmatched") {
      try workspace.events.list(EventQuery(status: .unmatched), after: 0, limit: 100).events
    }
    ask("event") { "\(try workspace.commit.find(source: "//test", id: "1 2013-01-05 0") ?? 0)" }
    ask("ledger") {
      try workspace.settlement.ledger(
        LedgerQuery(invoice: nil, customer: nil, after: 0, limit: 1000))
    }
    ask("credit notes") { try workspace.settlement.creditNotes(after: 0, limit: 100) }
    ask("adjustments") {
      try workspace.settlement.adjustments(contract: nil, month: nil, after: 0, limit: 100)
    }
    ask("list") {
      try workspace.settlement.invoices(
        InvoiceFilter(), after: nil, limit: 1000, at: Workspace.now
      ).map(\.total)
    }
    for number in 1...world.contracts { askOne(number, workspace, ask) }
    run(workspace, &answers)
    accruals(workspace, &answers)
    return answers
  }

  /// What each contract has earned.
  private static func accruals(_ workspace: Workspace, _ answers: inout [String: Answer]) {
    do {
      for accrual in try workspace.billing.accruals(BillingMonth("2013-03")) {
        answers["accrual \(accrual.contract)"] =
          accrual.fault?.code == .dataDamaged ? .refused : .said("\(accrual)")
      }
    } catch {
      answers["accruals"] = Fault(ofDamage: error) != nil ? .refused : .failed("\(error)")
    }
  }

  private static func askOne(
    _ number: Int, _ workspace: Workspace, _ ask: (String, () throws -> Any) -> Void
  ) {
    for month in DamageWorld.months + ["2013-03"] {
      ask("invoice \(number) \(month)") {
        let key = try InvoiceKey("hours-\(number)~\(month)")
        let invoice = try workspace.settlement.invoice(key)
        return (
          try invoice.statement().text, invoice.open, invoice.number?.description ?? "",
          try workspace.settlement.history(key).map(\.text), try workspace.settlement.payments(key)
        )
      }
    }
    for meter in ["time", "runs", "kinds"] {
      ask("usage \(number) \(meter)") {
        try workspace.usage.answer(
          UsageScopeQuery(
            MeterKey(meter), of: .assets([AssetKey("engine-\(number)")]),
            Windows(workspace.period("2013-01-01T00:00:00Z", "2013-04-01T00:00:00Z")))
        ).all.whole.usage
      }
    }
    ask("report \(number)") {
      try workspace.reports.report(
        CustomerKey("airline-\(number)"), months: BillingMonth("2013-01")...BillingMonth("2013-03")
      ).json.text
    }
  }

  /// A run that keeps nothing: what each contract would be billed.
  private static func run(_ workspace: Workspace, _ answers: inout [String: Answer]) {
    do {
      let report = try workspace.billing.run(
        BillingRequest(.month(BillingMonth("2013-03")), isDryRun: true), by: "finance",
        now: Workspace.now)
      for result in report.results {
        let isRefused = result.faults.contains { $0.code == .dataDamaged }
        answers["run \(result.contract)"] =
          isRefused
          ? .refused
          : .said("\(result.outcome) \(result.total.map { "\($0)" } ?? "") \(result.faults)")
      }
    } catch {
      answers["run"] = Fault(ofDamage: error) != nil ? .refused : .failed("\(error)")
    }
  }
}
