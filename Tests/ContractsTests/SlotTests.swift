import Base
import Contracts
import Testing

/// Places in a contract that assets fill one at a time.
struct SlotTests {
  static func contract(_ slots: String...) throws -> Contract {
    let list = slots.map { "\"\($0)\"" }.joined(separator: ",")
    return try read(
      """
      {"customer":"acme","currency":"EUR","zone":"UTC","from":"2013-01-01","slots":[\(list)],
       "clauses":[]}
      """)
  }

  static func asset(_ key: String, _ slot: String, _ from: String, _ until: String?) throws -> Asset
  {
    let end = until.map { #","until":"\#($0)T00:00:00Z""# } ?? ""
    let text = """
      {"assignments":[{"contract":"k","slot":"\(slot)","from":"\(from)T00:00:00Z"\(end)}]}
      """
    return try Asset(Node(parsed(text)), key: AssetKey(key))
  }

  /// Slot, from and until of an asset beside one that fills `engine 1` from March to June.
  @Test(arguments: [
    ("engine 1", "2013-01-01", "2013-03-01", nil), ("engine 1", "2013-06-01", nil, nil),
    ("engine 1", "2013-01-01", "2013-03-02", "invalid_value"),
    ("engine 1", "2013-05-31", nil, "invalid_value"),
    ("engine 1", "2013-04-01", "2013-05-01", "invalid_value"),
    ("engine 2", "2013-04-01", "2013-05-01", nil),
    ("engine 3", "2013-04-01", "2013-05-01", "unknown_reference"),
  ])
  func oneAssetFillsASlotAtATime(
    slot: String, from: String, until: String?, expected: String?
  ) throws {
    var catalog = Catalog(contracts: [try Self.contract("engine 1", "engine 2")])
    catalog.put(try Self.asset("N1", "engine 1", "2013-03-01", "2013-06-01"))
    let asset = try Self.asset("N2", slot, from, until)
    catalog.put(asset)
    #expect(catalog.slotFaults(of: asset).map(\.code.rawValue) == [expected].compactMap { $0 })
    #expect(catalog.slotFaults(of: asset).allSatisfy { $0.pointer == "/assignments/0/slot" })
  }

  @Test func anAssetMayBeSwappedForAnother() throws {
    var catalog = Catalog(contracts: [try Self.contract("engine 1")])
    catalog.put(try Self.asset("N1", "engine 1", "2013-01-01", nil))
    let second = try Self.asset("N2", "engine 1", "2013-04-01", nil)
    catalog.put(second)
    #expect(catalog.slotFaults(of: second).map(\.detail).first?.contains("`N1`") == true)
    catalog.put(try Self.asset("N1", "engine 1", "2013-01-01", "2013-04-01"))
    #expect(catalog.slotFaults(of: second).isEmpty)
  }

  @Test func aContractKeepsTheSlotsThatAreFilled() throws {
    var catalog = Catalog(contracts: [try Self.contract("engine 1", "engine 2")])
    catalog.put(try Self.asset("N1", "engine 1", "2013-01-01", nil))
    #expect(catalog.slotFaults(of: try Self.contract("engine 1")).isEmpty)
    let faults = catalog.slotFaults(of: try Self.contract("engine 2"))
    #expect(faults.map(\.pointer) == ["/slots"])
    catalog.put(try Self.asset("N1", "engine 2", "2013-01-01", nil))
    #expect(catalog.slotFaults(of: try Self.contract("engine 2")).isEmpty)
  }
}
