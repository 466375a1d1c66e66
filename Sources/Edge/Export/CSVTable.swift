import Base

/// Rows of cells as RFC 4180 has them.
enum CSVTable {
  static func text(_ rows: [[String]]) -> String {
    rows.map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined()
  }

  /// Quoted where it must be. A text that a spreadsheet would take for a formula is made plain
  /// text.
  private static func cell(_ text: String) -> String {
    let isNumber = (try? Fixed(text)) != nil
    let plain = !isNumber && "=+-@\t\r".contains(text.first ?? "a") ? "'" + text : text
    guard plain.contains(where: { ",\"\r\n".contains($0) || $0 == "\r\n" }) else { return plain }
    return "\""
      + plain.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
