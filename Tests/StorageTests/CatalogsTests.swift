import Base
import Contracts
import GRDB
import Metering
import TestSupport
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

struct CatalogsTests {
  @Test("every change is a new version; the same document again is none")
  func versions() throws {
    let workspace = try Workspace()
    let first = try workspace.put(.customer, "a", ["name": "A"])
    #expect(first.isNew && first.entry.version == 1)
    let revision = workspace.catalogs.current.revision
    let same = try workspace.put(.customer, "a", ["name": "A"])
    #expect(!same.isNew && same.entry.version == 1)
    #expect(workspace.catalogs.current.revision == revision)
    let second = try workspace.put(.customer, "a", ["name": "B"])
    #expect(second.isNew && second.entry.version == 2)
    #expect(workspace.catalogs.current.revision > revision)
    #expect(try workspace.catalogs.get(.customer, "a").document == ["name": "B"])
    #expect(try workspace.count("catalog_object") == 2)
  }

  @Test("who did not see the newest version cannot put over it")
  func preconditions() throws {
    let workspace = try Workspace()
    try workspace.put(.customer, "a", ["name": "A"], expecting: 0)
    #expect(
      fault { try workspace.put(.customer, "a", ["name": "B"], expecting: 0) }?.code
        == .preconditionFailed)
    try workspace.put(.customer, "a", ["name": "B"], expecting: 1)
    #expect(
      fault { try workspace.put(.customer, "a", ["name": "C"], expecting: 1) }?.code
        == .preconditionFailed)
    #expect(try workspace.catalogs.get(.customer, "a").version == 2)
  }

  @Test("of many that put over the same version at once, one wins")
  func concurrentPuts() async throws {
    let workspace = try Workspace()
    try workspace.put(.customer, "a", ["name": "A"])
    let won = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<20 {
        group.addTask {
          (try? workspace.put(
            .customer, "a", ["name": .string("\(number)")], expecting: 1)) != nil
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(won == 1)
    #expect(try workspace.catalogs.get(.customer, "a").version == 2)
  }

  @Test("a start in a year that was mistyped is refused; one long ago is billed to the end")
  func starts() throws {
    let workspace = try Workspace()
    try workspace.put(.customer, "a", ["name": "A"])
    func contract(_ from: String) -> JSON {
      ["customer": "a", "currency": "EUR", "zone": "UTC", "from": .string(from), "clauses": []]
    }
    for from in ["1024-01-01", "0001-01-01", "1899-12-31"] {
      let refusal = fault { try workspace.put(.contract, "c", contract(from)) }
      #expect(refusal?.code == .invalidValue && refusal?.pointer == "/from", "\(from)")
      #expect(refusal?.detail.contains("1900-01-01 or later") == true, "\(refusal?.detail ?? "")")
    }
    try workspace.put(.contract, "c", contract("1900-01-01"))
    let day = CivilDate(year: 2013, month: 2, day: 1)!
    let results = try workspace.billing.run(
      BillingRequest(.asOf(day), isDryRun: true), by: "finance", now: Workspace.now
    ).results
    #expect(results.count == 113 * 12 + 1)
    #expect(results.last?.month.description == "2013-01")
  }

  @Test("what refers to nothing is refused, and nothing of it is kept")
  func danglingReferences() throws {
    let workspace = try Workspace()
    let contract: JSON = [
      "customer": "nobody", "currency": "USD", "zone": "Mars/Olympus", "from": "2013-01-01",
      "clauses": [],
    ]
    let revision = workspace.catalogs.current.revision
    do {
      try workspace.put(.contract, "c", contract)
      Issue.record("it was taken")
    } catch let faults as Faults {
      #expect(faults.list.map(\.pointer) == ["/customer", "/zone"])
    }
    #expect(workspace.catalogs.current.revision == revision)
    #expect(try workspace.count("catalog_object") == 0)
  }

  @Test("a store that is opened again knows what it knew")
  func reopened() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post([Workspace.event("1")])
    let before = workspace.catalogs.current
    try workspace.store.pool.close()
    let reopened = try Workspace(in: workspace.temporary)
    let after = reopened.catalogs.current
    #expect(after.catalog.customers == before.catalog.customers)
    #expect(after.catalog.contracts == before.catalog.contracts)
    #expect(after.catalog.assets == before.catalog.assets)
    #expect(after.meters.meters == before.meters.meters)
    #expect(after.meterNumbers == before.meterNumbers)
    #expect(after.version(.contract, "hours-1") == 1)
    #expect(try reopened.time("2013-01-10T12:00:00Z", "2013-01-10T13:00:00Z").units == 60)
  }

  @Test("a list goes on behind the last key of the page before")
  func pages() throws {
    let workspace = try Workspace()
    for key in ["c", "a", "b"] { try workspace.put(.customer, key, ["name": .string(key)]) }
    try workspace.put(.customer, "b", ["name": "newer"])
    let first = try workspace.catalogs.list(.customer, after: nil, limit: 2)
    #expect(first.map(\.key) == ["a", "b"])
    #expect(first.map(\.version) == [1, 2])
    #expect(try workspace.catalogs.list(.customer, after: "b", limit: 2).map(\.key) == ["c"])
  }
}
