import Base
import Ingestion

/// All rows of a CSV text that arrives in pieces of `size` bytes.
func rows(
  _ bytes: [UInt8], delimiter: Character = ",", skippingLines skipCount: Int = 0,
  size: Int = 1 << 20
) throws -> [CSVRow] {
  var reader = CSVReader(delimiter: delimiter.asciiValue!, skippingLines: skipCount)
  var rows: [CSVRow] = []
  var rest = bytes[...]
  while !rest.isEmpty {
    reader.append(Array(rest.prefix(size)))
    rest = rest.dropFirst(size)
    while let row = try reader.next() { rows.append(row) }
  }
  reader.finish()
  while let row = try reader.next() { rows.append(row) }
  return rows
}

extension CSVRow {
  var texts: [String] { cells.map { String(decoding: $0, as: UTF8.self) } }
}

func mapping(_ text: String) throws -> CSVMapping {
  try CSVMapping(Node(try JSON(parsing: Array(text.utf8))))
}

/// What each row behind the header becomes: the text of an event, or what is wrong with it.
func events(
  _ text: String, _ mapping: CSVMapping, zone: ZoneRules = .utc
) throws -> [String] {
  let rows = try rows(
    Array(text.utf8), delimiter: Character(Unicode.Scalar(mapping.delimiter)),
    skippingLines: mapping.skipLines)
  let writer = try CSVEvents(mapping, header: rows[0], zone: zone)
  return rows.dropFirst().map { row in
    do throws(Fault) {
      return String(decoding: try writer.event(row), as: UTF8.self)
    } catch {
      return "\(error.code.rawValue) \(error.pointer) \(error.detail)"
    }
  }
}
