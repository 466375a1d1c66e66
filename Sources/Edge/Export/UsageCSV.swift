package import Base

/// Usage as CSV (RFC 4180), one row a window, and one set of rows a subject where the answer has
/// them; or a group, whose values stand in one cell as a JSON array. A value is a decimal, and
/// exact once more, for that may be a fraction.
package enum UsageCSV {
  package static func text(of document: JSON) -> String {
    let groups = document["groups"]?.elements
    let columns = [
      "meter", groups == nil ? "subject" : "group", "start", "end", "local", "value", "unit",
      "events", "value_exact",
    ]
    let series = groups ?? document["subjects"]?.elements ?? [document]
    let rows = series.flatMap { series in
      (series["windows"]?.elements ?? [series]).map { window in
        columns.map { column in
          switch column {
          case "value": CSVTable.shown(window["valueDecimal"] ?? window["value"])
          case "value_exact": CSVTable.shown(window["value"])
          default: CSVTable.shown(window[column] ?? series[column] ?? document[column])
          }
        }
      }
    }
    return CSVTable.text([columns] + rows)
  }
}
