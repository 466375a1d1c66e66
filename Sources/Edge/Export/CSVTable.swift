import Base

/// Rows of cells as RFC 4180 has them.
enum CSVTable {
  static func text(_ rows: [[String]]) -> String {
    rows.map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined()
  }

  /// A table of documents: a column each, which reads its cell.
  static func text(_ columns: [(name: String, cell: (JSON) -> JSON?)], of rows: [JSON]) -> String {
    text([columns.map(\.name)] + rows.map { row in columns.map { shown($0.cell(row)) } })
  }

  static func shown(_ value: JSON?) -> String {
    switch value {
    case .string(let text), .number(let text): text
    case .bool(let flag): flag ? "true" : "false"
    case .array, .object: value?.text ?? ""
    case .null, nil: ""
    }
  }

  /// Quoted where it must be. A text that a spreadsheet would take for a formula is made plain
  /// text. Both are judged scalar by scalar: a sign with an accent on it is still that sign.
  private static func cell(_ text: String) -> String {
    let isNumber = (try? Fixed(text)) != nil
    let plain = !isNumber && isFormula(text) ? "'" + text : text
    guard plain.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else {
      return plain
    }
    let quoted = plain.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
    return "\"" + quoted + "\""
  }

  /// Whether it begins like a formula, behind white space and signs that nobody sees; full-width
  /// signs are taken for the plain ones.
  private static func isFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    guard first != "\t", first != "\r", first != "\n" else { return true }
    let visible = text.unicodeScalars.first {
      !$0.properties.isWhitespace && $0.properties.generalCategory != .format
    }
    return visible.map("=+-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains) ?? false
  }
}
