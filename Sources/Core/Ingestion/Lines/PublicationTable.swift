package import Base

/// What an office published of an index, as a table: the columns `month`, `published` and `value`
/// in any order, a publication a row.
package enum PublicationTable {
  private static let names = ["month", "published", "value"]

  /// The rows as the list of publications that a document of the catalog has.
  package static func json(_ bytes: [UInt8]) throws(Fault) -> JSON {
    var reader = CSVReader()
    reader.append(bytes)
    reader.finish()
    guard let header = try reader.next() else {
      throw Fault(.malformedDocument, "the table is empty")
    }
    let columns = header.cells.map { String(decoding: $0, as: UTF8.self) }
    guard columns.sorted() == names else {
      throw Fault(
        .malformedDocument, "line \(header.line): expected the columns month, published and value")
    }
    var rows: [JSON] = []
    while let row = try reader.next() {
      guard row.cells.count == columns.count else {
        throw Fault(.malformedDocument, "line \(row.line): expected \(columns.count) cells")
      }
      rows.append(
        .object(
          zip(columns, row.cells).map { .init($0, .string(String(decoding: $1, as: UTF8.self))) }))
    }
    return .array(rows)
  }
}
