import Base
import Contracts
import Foundation
import GRDB
import Settlement
import TestSupport
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

/// A damaged page of what was agreed: contracts that rest on it are parked, and the others billed;
/// where events could not be judged, tokens not refused or numbers given twice, nothing starts.
struct DamagedCatalogTests {
  private static let contracts = 60

  private static func contract(_ number: Int) -> JSON {
    [
      "customer": .string("customer-\((number - 1) / 20 + 1)"), "currency": "EUR", "zone": "UTC",
      "from": "2013-01-01", "note": .string("contract of number \(number)"),
      "clauses": [["key": "fee", "kind": "flatFee", "amount": "100.00"]],
    ]
  }

  /// So many contracts that some pages of the table hold nothing else; of three customers. January
  /// is final, unless told otherwise.
  private func world(isBilled: Bool = true) throws -> TemporaryFolder {
    let workspace = try Workspace(in: TemporaryFolder(inMemory: true))
    for number in 1...3 {
      try workspace.put(.customer, "customer-\(number)", ["name": "A customer"])
    }
    for number in 1...Self.contracts {
      try workspace.put(.contract, Self.key(number), Self.contract(number))
    }
    if isBilled {
      _ = try workspace.billing.run(BillingMonth("2013-01"), now: Workspace.now)
      for number in 1...Self.contracts {
        _ = try workspace.finalise(InvoiceKey("\(Self.key(number))~2013-01"))
      }
    }
    _ = try workspace.billing.run(BillingMonth("2013-02"), now: Workspace.now)
    try workspace.close()
    return workspace.temporary
  }

  private static func key(_ number: Int) -> String { number < 10 ? "c-0\(number)" : "c-\(number)" }

  /// Damages a text wherever it stands in the database: SQLite leaves old copies of rows in pages.
  private func damage(_ text: String, _ folder: TemporaryFolder) throws {
    let file = URL(filePath: folder.path("usance.db"))
    var bytes = try Data(contentsOf: file)
    let places = bytes.ranges(of: Data(text.utf8)).map(\.lowerBound)
    #expect(!places.isEmpty, "\(text)")
    for place in places { bytes[place] ^= 4 }
    try bytes.write(to: file)
  }

  private func report(_ workspace: Workspace, _ customer: String) throws -> Fault? {
    fault {
      try workspace.reports.report(
        CustomerKey(customer), months: BillingMonth("2013-01")...BillingMonth("2013-02"))
    }
  }

  @Test("contracts on a damaged page are parked and named, and all others billed")
  func contracts() throws {
    let folder = try world()
    try damage("contract of number 30\"", folder)
    let notes = Notes()
    let store = try Store(DataFolder(folder.url.path), note: { notes.add($0) })
    let unreadable = try CatalogMemory(store).current.unreadable.keys.map(\.text)
    #expect(notes.all.contains { $0.contains("(table catalog_object)") }, "\(notes.all)")
    #expect(notes.all.contains("contract `c-30` cannot be read: billing runs park it"))
    #expect(unreadable == ["c-30"], "the others are as they were written")
    try store.pool.close()
    let workspace = try Workspace(in: folder)
    let results = try workspace.billing.run(BillingMonth("2013-03"), now: Workspace.now)
    #expect(Set(results.map(\.contract)).count == Self.contracts)
    for result in results {
      let isLost = unreadable.contains(result.contract.text)
      #expect(result.outcome == (isLost ? .parked : .drafted), "\(result.contract)")
      #expect(result.faults.map(\.code) == (isLost ? [.dataDamaged] : []), "\(result.contract)")
      #expect(result.customer != nil, "its final invoice names it")
    }
    let parts = try [nil, ContractKey("c-10"), ContractKey("c-50")].map { after in
      try workspace.billing.run(
        BillingRequest(
          .asOf(CivilDate(year: 2013, month: 4, day: 1)!), after: after, contractsMax: 20),
        by: "finance", now: Workspace.now
      ).results.filter { $0.outcome == .parked }.map(\.contract.text)
    }
    #expect(parts == [[], ["c-30"], []], "each part has its own")
  }

  @Test("what such a contract may have a part in is refused, and nothing is agreed meanwhile")
  func refusals() throws {
    let folder = try world()
    try damage("contract of number 30\"", folder)
    let workspace = try Workspace(in: folder)
    let state = workspace.catalogs.current
    let customers = Set(state.unreadable.keys.map { state.unreadable.customer(of: $0)?.text })
    for number in 1...3 {
      let isTouched = customers.contains("customer-\(number)")
      #expect(
        try report(workspace, "customer-\(number)")?.code == (isTouched ? .dataDamaged : nil))
    }
    #expect(customers.contains("customer-2") && customers.count < 3)
    #expect(fault { try workspace.billing.accruals(BillingMonth("2013-02")) }?.code == .dataDamaged)
    #expect(
      fault { try workspace.usage.unbilled(BillingMonth("2013-02")) }?.code == .dataDamaged)
    #expect(
      fault { try workspace.put(.customer, "another", ["name": "A"]) }?.code == .dataDamaged)
    let draft = try InvoiceKey("c-30~2013-02")
    #expect(fault { try workspace.finalise(draft) }?.code == .dataDamaged)
    let another = Self.key(
      (1...60).first { !state.unreadable.keys.map(\.text).contains(Self.key($0)) }!)
    #expect(try workspace.finalise(InvoiceKey("\(another)~2013-02")).number != nil)
    // What is final is a document of its own.
    #expect(
      try workspace.settlement.invoice(InvoiceKey("c-30~2013-01")).total.description == "100.00")
  }

  @Test("a contract of which nobody knows the customer may be anybody's")
  func unknownCustomer() throws {
    let folder = try world(isBilled: false)
    try damage("contract of number 30\"", folder)
    let workspace = try Workspace(in: folder)
    for number in 1...3 {
      #expect(try report(workspace, "customer-\(number)")?.code == .dataDamaged)
    }
    let results = try workspace.billing.run(BillingMonth("2013-02"), now: Workspace.now)
    #expect(results.contains { $0.outcome == .parked && $0.customer == nil })
    #expect(results.contains { $0.outcome == .unchanged })
  }

  @Test("contracts are parked with a tax that cannot be read")
  func tax() throws {
    let workspace = try Workspace()
    try workspace.put(.customer, "customer-1", ["name": "A customer"])
    // So long that it has pages of its own.
    try workspace.put(
      .tax, "vat",
      [
        "name": "VAT", "category": "S",
        "rates": .array(
          (1901...1990).map { ["from": .string("\($0)-01-01"), "rate": .string("0.0\($0)")] }),
      ])
    try workspace.put(.contract, "free", Self.contract(1))
    guard case .object(let members) = Self.contract(2) else { return }
    try workspace.put(
      .contract, "taxed", .object(members + [.init("taxes", [["tax": "vat"]])]))
    try workspace.close()
    try damage("1989-01-01", workspace.temporary)
    let damaged = try Workspace(in: workspace.temporary)
    #expect(damaged.catalogs.current.unreadable.keys.map(\.text) == ["taxed"])
    let results = try damaged.billing.run(BillingMonth("2013-01"), now: Workspace.now)
    #expect(
      results.map { "\($0.contract) \($0.outcome) \($0.customer?.text ?? "-")" } == [
        "free drafted customer-1", "taxed parked customer-1",
      ])
  }

  @Test("without a customer, a meter or an asset no event could be judged: the start is refused")
  func notWithoutCustomers() throws {
    let folder = try world()
    try damage(#"{"name":"A customer"}"#, folder)
    let refusal = refusal { try Workspace(in: folder) }
    #expect(refusal?.reason == .damaged)
    #expect(refusal?.detail.hasPrefix("what was agreed cannot be read (damaged pages: ") == true)
  }

  @Test("a revoked token is not let in and no number given twice: the start is refused")
  func tokensAndNumbers() throws {
    let workspace = try Workspace()
    let later = Workspace.now.advanced(bySeconds: 3600)
    _ = try RevokedTokens(workspace.home).revoke(
      "a stolen token", until: later, now: Workspace.now)
    try workspace.put(.customer, "customer-1", ["name": "A customer"])
    try workspace.put(.contract, "c", Self.contract(1))
    _ = try workspace.billing.run(BillingMonth("2013-01"), now: Workspace.now)
    _ = try workspace.finalise(InvoiceKey("c~2013-01"))
    try workspace.close()
    let folder = workspace.temporary
    try workspace.folder.create()
    let pages = try DatabaseFile(workspace.folder).noting { db in
      try ["denied_token", "number_series"].map { table in
        try Int.fetchOne(
          db, sql: "SELECT pageno FROM dbstat WHERE name = ?", arguments: [table])!
      }
    }
    let file = URL(filePath: folder.path("usance.db"))
    let sound = try Data(contentsOf: file)
    for (page, what) in zip(pages, ["which tokens were revoked cannot be read", "is damaged"]) {
      var bytes = sound
      bytes[page * 4096 - 100] ^= 4
      try bytes.write(to: file)
      let refusal = refusal {
        let store = try Store(DataFolder(folder.url.path), isMarked: true)
        defer { try? store.pool.close() }
        return try RevokedTokens(SQLiteHome(store, halt: { _ in }))
      }
      #expect(refusal?.reason == .damaged, "\(what)")
      #expect(refusal?.detail.contains(what) == true, "\(refusal?.detail ?? "it starts")")
    }
  }
}
