import Base
import TestSupport
import Testing

struct KeyTests {
  @Test(arguments: [
    "9E", "N14228-1", "a", "urn:device:42", "A.b_c~d-e", String(repeating: "k", count: 64),
  ])
  func isAnyNameThatStandsUnchangedInAPath(text: String) throws {
    #expect(try CustomerKey(text).text == text)
    #expect(try AssetKey(text).description == text)
  }

  @Test(arguments: [
    "", " ", "a b", "a/b", "a%20b", "a?b", "a#b", "a,b", "é", "Ａ", "a\u{301}", "a\0", "a\n",
    String(repeating: "k", count: 65),
  ])
  func refusesEverythingElse(text: String) {
    #expect(fault { try CustomerKey(text) }?.code == .invalidValue)
    #expect(fault { try MeterKey(text) }?.code == .invalidValue)
  }

  @Test func theRefusalSaysWhatTheKeyNames() {
    let detail = fault { try ContractKey("a b") }?.detail
    #expect(detail == "`a b` is no contract key: 1 to 64 of A-Z a-z 0-9 . _ ~ : -")
  }

  @Test func anInvoiceKeyHasRoomForTheMonthBehindTheLongestContractKey() throws {
    let contract = try ContractKey(String(repeating: "k", count: 64))
    #expect(try InvoiceKey("\(contract)~2013-01").text.utf8.count == 72)
    #expect(fault { try InvoiceKey(String(repeating: "k", count: 77)) } != nil)
  }

  @Test func keysSortByTheirBytes() throws {
    let keys = try ["10", "2", "A", "B", "a", "~"].map { try CustomerKey($0) }
    #expect(keys.shuffled().sorted() == keys)
  }
}
