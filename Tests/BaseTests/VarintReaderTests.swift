import Base
import Testing

struct VarintReaderTests {
  @Test(arguments: [0, 1, 127, 128, 300, UInt64(Int64.max), UInt64.max])
  func readsBackWhatWasWritten(number: UInt64) {
    var bytes: [UInt8] = []
    bytes.append(varint: number)
    (bytes + [9]).withUnsafeBytes { buffer in
      var reader = VarintReader(buffer)
      #expect(reader.next() == number)
      #expect(!reader.isAtEnd)
      #expect(reader.bytes(1).map(Array.init) == [9])
      #expect(reader.isAtEnd)
      #expect(reader.bytes(1) == nil)
      #expect(reader.next() == nil)
    }
  }

  @Test func refusesWhatIsCutOffOrTooLarge() {
    for bytes in [[0x80], Array(repeating: 0xFF, count: 10), [0xFF, 0xFF]] as [[UInt8]] {
      bytes.withUnsafeBytes { buffer in
        var reader = VarintReader(buffer)
        #expect(reader.next() == nil)
      }
    }
  }
}
