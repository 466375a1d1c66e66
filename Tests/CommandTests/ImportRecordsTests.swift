import Base
import Testing

@testable import Command

@Suite struct ImportRecordsTests {
  private static let event = #"{"specversion":"1.0","id":"1","source":"s","type":"t"}"#

  /// Each record of the text: its line, where it ends, and whether it is an event.
  private func read(_ text: [UInt8], size: Int) -> [String] {
    var records = JSONRecords()
    var found: [String] = []
    var rest = text[...]
    func note(_ record: ImportRecord) {
      switch record.content {
      case .event: found.append("\(record.line) event \(record.end)")
      case .refused(let fault, _):
        found.append("\(record.line) \(fault.code.rawValue) \(record.end)")
      }
    }
    while !rest.isEmpty {
      records.append(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
      while let record = records.next() { note(record) }
    }
    records.finish()
    while let record = records.next() { note(record) }
    return found
  }

  @Test(arguments: [1, 3, 64, 1 << 20])
  func linesAreCountedAndBlankOnesSkipped(size: Int) {
    let text = Array("\(Self.event)\n\n \t\r\nnot JSON\n\(Self.event)\r\n{}\n\(Self.event)".utf8)
    #expect(
      read(text, size: size) == [
        "1 event 55", "4 malformed_json 69", "5 event 125", "6 missing_field 128", "7 event 182",
      ])
  }

  /// It is not held in memory, and it is not lost either.
  @Test(arguments: [true, false])
  func aLineThatIsTooLongIsRefusedAlone(isLast: Bool) {
    let long = [UInt8](repeating: 0x61, count: 3 << 20)
    let behind = isLast ? [] : Array("\n\(Self.event)\n".utf8)
    let text = Array("\(Self.event)\n".utf8) + long + behind
    let wanted = ["1 event 55", "2 limit_exceeded \(55 + long.count + (isLast ? 0 : 1))"]
    // The last piece ends with the line, or in the middle of it.
    for size in [1 << 18, (1 << 20) + 7] {
      #expect(
        read(text, size: size) == wanted + (isLast ? [] : ["3 event \(text.count)"]))
    }
  }
}
