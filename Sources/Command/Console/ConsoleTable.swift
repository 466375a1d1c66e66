/// Columns of text for a terminal; figures stand on the right.
package struct ConsoleTable {
  private let rows: [[String]]
  /// The columns whose cells are words, on the left.
  private let words: Set<Int>
  private let indent: String

  /// A table whose first two columns are words.
  package init(_ header: [String], _ rows: [[String]]) {
    self.rows = [header] + rows
    words = [0, 1]
    indent = "  "
  }

  /// A table of amounts and words; `figures` names the columns that stand on the right.
  package init(_ header: [String], _ rows: [[String]], figures: Set<String>) {
    self.rows = [header] + rows
    words = Set(header.indices.filter { !figures.contains(header[$0]) })
    indent = ""
  }

  package var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let line = row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return words.contains(column) ? row[column] + padding : padding + row[column]
      }.joined(separator: "  ")
      let end = line.lastIndex { $0 != " " }
      return indent + (end.map { String(line[...$0]) } ?? "")
    }.joined(separator: "\n")
  }
}
