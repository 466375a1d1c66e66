import Base
import Contracts
import Settlement
import Testing
import Workflow

/// What every engine promises of acts.
@Suite("The books of an engine")
struct BooksContractTests {
  private typealias Space = ContractWorkspace

  private struct Broken: Error {}

  @Test("numbers have no gap, however many acts fail", arguments: engines)
  func gapless(_ engine: any Engine) throws {
    var space = try Space(engine)
    var given: [Int] = []
    for number in 0..<60 {
      do {
        let one = try space.home.act(by: "test", at: Space.now) { (books) throws in
          let one = try books.nextNumber(InvoiceNumber.invoices)
          guard number % 6 == 0 else { throw Broken() }
          return one
        }
        given.append(one.sequence)
      } catch is Broken {
        continue
      }
      if number % 12 == 0 { try space.reopen() }
    }
    #expect(given == Array(1...10))
  }

  @Test(
    "an act sees what it wrote, the next one too, and a failed one leaves nothing",
    arguments: engines)
  func allOrNothing(_ engine: any Engine) throws {
    let space = try Space(engine)
    try space.agree()
    let (contract, month) = (try ContractKey("hours"), try BillingMonth("2026-01"))
    func adjustment(_ cents: Int) throws -> StoredAdjustment {
      StoredAdjustment(
        contract: contract, month: month, kind: .goodwill, clause: nil,
        amount: Money(minor: Int128(cents), try Currency("EUR")), reason: "sorry",
        author: Author("test", at: Space.now))
    }
    func numbers(_ snapshot: any Snapshot) throws -> [Int] {
      try snapshot.adjustments(.period(contract, month)).map(\.number)
    }
    try space.home.act(by: "test", at: Space.now) { (books) throws in
      #expect(try books.grant(adjustment(100)).number == 1)
      #expect(try numbers(books) == [1])
    }
    #expect(throws: Broken.self) {
      try space.home.act(by: "test", at: Space.now) { (books) throws in
        #expect(try numbers(books) == [1], "the next act sees the one before")
        _ = try books.grant(adjustment(200))
        throw Broken()
      }
    }
    try space.home.act(by: "test", at: Space.now, isDryRun: true) { (books) throws in
      _ = try books.grant(adjustment(300))
      #expect(try numbers(books) == [1, 2], "a dry run sees what it writes")
    }
    try space.home.act(by: "test", at: Space.now) { (books) throws in
      // A step that fails is taken back by itself.
      _ = try? books.step {
        _ = try books.grant(adjustment(400))
        throw Broken()
      }
      #expect(try numbers(books) == [1])
    }
    #expect(try space.home.read { try numbers($0) } == [1])
  }

  @Test("a response is kept once, and belongs to its request", arguments: engines)
  func responses(_ engine: any Engine) throws {
    var space = try Space(engine)
    let key = IdempotencyKey(subject: "mia", key: "k", request: Digest(of: [1]))
    let response = IdempotentResponse(status: 201, body: "{}")
    try space.home.act(by: "mia", at: Space.now) { (books) throws in
      #expect(try books.response(key) == nil)
      try books.store(response, key)
    }
    try space.reopen()
    try space.home.act(by: "mia", at: Space.now) { (books) throws in
      #expect(try books.response(key) == response)
      let other = IdempotencyKey(subject: "mia", key: "k", request: Digest(of: [2]))
      let fault = #expect(throws: Fault.self) { try books.response(other) }
      #expect(fault?.code == .idempotencyKeyReused)
      let others = IdempotencyKey(subject: "ben", key: "k", request: Digest(of: [2]))
      #expect(try books.response(others) == nil)
    }
  }

  @Test("a token is used once, also after a restart", arguments: engines)
  func tokens(_ engine: any Engine) throws {
    var space = try Space(engine)
    func use(_ token: String) throws -> Bool {
      try space.home.act(by: "", at: Space.now) {
        try $0.use(token, until: Space.now.advanced(bySeconds: 60)).isNew
      }
    }
    #expect(try use("a"))
    #expect(try !use("a"))
    try space.reopen()
    #expect(try !use("a"))
    #expect(try space.home.revokedTokens() == ["a"])
  }

  @Test("entries of the ledger follow from each other", arguments: engines)
  func chains(_ engine: any Engine) throws {
    let space = try Space(engine)
    try space.agree()
    let customer = try CustomerKey("acme")
    for cents in 1...20 {
      try space.home.act(by: "test", at: Space.now) { (books) throws in
        let amount = Money(minor: Int128(cents), try Currency("EUR"))
        try books.post(
          .paid(InvoiceKey("hours~2026-01"), amount, reference: "r\(cents)"), of: customer,
          on: CivilDate(year: 2026, month: 2, day: 1)!, by: books.author(nil))
      }
    }
    let entries = try space.home.read {
      try $0.ledger(LedgerQuery(invoice: nil, customer: customer, after: 0, limit: 100))
    }
    #expect(entries.map(\.sequence) == (1...20).map { Int64($0) })
    var digest = HashChain.start
    for entry in entries {
      digest = HashChain.digest(entry.body, after: digest)
      #expect(entry.digest == digest)
    }
  }
}
