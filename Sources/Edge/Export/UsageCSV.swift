package import Base

/// Usage as CSV (RFC 4180), one row a window, and one set of rows a subject where the answer has
/// them.
package enum UsageCSV {
  private static let columns = [
    "meter", "subject", "start", "end", "local", "value", "unit", "events",
  ]

  package static func text(of document: JSON) -> String {
    let series = document["subjects"]?.elements ?? [document]
    let rows = series.flatMap { series in
      (series["windows"]?.elements ?? [series]).map { window in
        columns.map { column in
          cell(window[column] ?? series[column] ?? document[column])
        }
      }
    }
    return CSVTable.text([columns] + rows)
  }

  private static func cell(_ value: JSON?) -> String {
    switch value {
    case .string(let text), .number(let text): text
    default: ""
    }
  }
}
