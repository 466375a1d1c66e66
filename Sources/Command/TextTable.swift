/// Columns of text for a terminal; figures stand on the right.
struct TextTable {
  private let rows: [[String]]

  init(_ header: [String], _ rows: [[String]]) { self.rows = [header] + rows }

  var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      "  "
        + row.indices.map { column in
          let padding = String(repeating: " ", count: widths[column] - row[column].count)
          return column < 2 ? row[column] + padding : padding + row[column]
        }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
