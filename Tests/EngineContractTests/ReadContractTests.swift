import Base
import Contracts
import Metering
import Settlement
import Testing
import Workflow

/// What every engine promises of a snapshot.
@Suite("A snapshot of an engine")
struct ReadContractTests {
  private typealias Space = ContractWorkspace

  @Test("a snapshot does not move while events and acts go by", arguments: engines)
  func standsStill(_ engine: any Engine) throws {
    let space = try Space(engine)
    try space.agree()
    try space.append([Space.event("first", seconds: 60)])
    try space.home.read { (snapshot) throws in
      let before = try Self.seen(snapshot)
      for number in 0..<200 { try space.append([Space.event("later-\(number)", hour: number)]) }
      for number in 0..<20 {
        try space.adopt((.customer, "new-\(number)", ["name": "New"]))
        try space.home.act(by: "test", at: Space.now) { books in
          _ = try books.nextNumber(InvoiceNumber.invoices)
        }
      }
      #expect(try Self.seen(snapshot) == before)
    }
    let after = try space.home.read { try Self.seen($0) }
    #expect(after.hasPrefix("201 12060 "), "\(after)")
  }

  /// Cut, usage and agreements are of one moment.
  private static func seen(_ snapshot: any Snapshot) throws -> String {
    let customers = snapshot.agreements.catalog.customers.count
    let listed = try snapshot.catalog(.list(.customer, after: nil, limit: 100)).count
    #expect(listed == customers)
    return "\(try snapshot.cut.through) \(try Space.usage("time", snapshot).value) \(customers)"
  }

  @Test("each version of what was agreed can be asked for", arguments: engines)
  func versions(_ engine: any Engine) throws {
    var space = try Space(engine)
    for name in ["One", "Two", "Three"] {
      try space.adopt((.customer, "acme", ["name": .string(name)]))
    }
    try space.reopen()
    let names = try space.home.read { (snapshot) throws in
      try (1...4).map { number in
        try snapshot.catalog(.version(.customer, "acme", number)).first?.document["name"]
      } + [try snapshot.catalog(.newest(.customer, "acme")).first?.document["name"]]
    }
    #expect(names == ["One", "Two", "Three", nil, "Three"])
    #expect(space.home.agreements.version(.customer, "acme") == 3)
  }
}
