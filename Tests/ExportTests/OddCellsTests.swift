import Base
import Export
import TestSupport
import Testing

/// What devices and customers name themselves comes back from a table as one cell each, and never
/// begins as a formula. A table is read here as RFC 4180 has it, scalar by scalar, and no more
/// leniently.
@Suite struct OddCellsTests {
  /// Signs of formulas, what marks on them or before them hides, and all that ends cells and rows.
  private static let scalars: [Unicode.Scalar] = [
    "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}", "\t", "\r", "\n", ",",
    "\"", ";", "'", " ", "\u{301}", "\u{20DD}", "\u{FE0F}", "\u{200B}", "\u{200D}", "\u{200E}",
    "\u{202E}", "\u{2060}", "\u{FEFF}", "\u{A0}", "\u{85}", "\u{2028}", "\u{0B}", "\u{0C}", "\u{0}",
    "\u{1F}", "a", "1", ".", "é", "\u{1F4A5}", "\u{10FFFF}", "\u{E000}",
  ]
  private static let dangerous: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}", "\t", "\r", "\n",
  ]

  private struct NotCSV: Error { let reason: String }

  /// Rows end in CR LF alone; a quote stands only around a whole cell, or twice within one.
  private static func rows(_ text: String) throws -> [[String]] {
    let scalars = Array(text.unicodeScalars)
    var (rows, row, place) = ([[String]](), [String](), 0)
    func at(_ place: Int) -> Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }
    while place < scalars.count {
      var cell = String.UnicodeScalarView()
      if at(place) == "\"" {
        place += 1
        while true {
          guard let scalar = at(place) else { throw NotCSV(reason: "a quote has no end") }
          place += 1
          if scalar != "\"" {
            cell.append(scalar)
          } else if at(place) == "\"" {
            cell.append(scalar)
            place += 1
          } else {
            break
          }
        }
      } else {
        while let scalar = at(place), scalar != "," && scalar != "\r" && scalar != "\n" {
          guard scalar != "\"" else { throw NotCSV(reason: "a quote within a cell") }
          cell.append(scalar)
          place += 1
        }
      }
      row.append(String(cell))
      if at(place) == "," {
        place += 1
        if place == scalars.count { throw NotCSV(reason: "the last row has no end") }
      } else if at(place) == "\r", at(place + 1) == "\n" {
        place += 2
        rows.append(row)
        row = []
      } else {
        throw NotCSV(reason: "a bare end of line, or something behind a quote")
      }
    }
    return rows
  }

  private static func texts() -> [String] {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    let pairs = scalars.flatMap { first in scalars.map { [first, $0] } }
    let longer = (0..<3000).map { _ in (0..<random.number(0...6)).map { _ in random.pick(scalars) }
    }
    return (pairs + longer).map { scalars in
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      return String(text)
    }
  }

  private static func isSame(_ left: String, _ right: String) -> Bool {
    left.unicodeScalars.elementsEqual(right.unicodeScalars)
  }

  /// The cell is the text, or the text made plain; and no spreadsheet runs it.
  private static func expect(_ cell: String, is text: String, _ table: String) {
    let isNumber = (try? Fixed(text)) != nil
    #expect(
      isSame(cell, text) || isSame(cell, "'" + text),
      "\(table): \(text.debugDescription) became \(cell.debugDescription)")
    guard let first = cell.unicodeScalars.first, !isNumber else { return }
    #expect(!dangerous.contains(first), "\(table): \(cell.debugDescription)")
    let visible = cell.unicodeScalars.first {
      !$0.properties.isWhitespace && $0.properties.generalCategory != .format
    }
    #expect(
      visible.map { !dangerous.contains($0) } ?? true, "\(table): \(cell.debugDescription)")
  }

  @Test func everyTextComesBackFromAnInvoice() throws {
    let texts = Self.texts()
    let lines = texts.map { text -> JSON in
      ["key": .string(text), "description": .string(text), "amount": "-1.00"]
    }
    let rows = try Self.rows(InvoiceCSV.lines(of: ["currency": "EUR", "lines": .array(lines)]))
    #expect(rows.count == texts.count + 1)
    for (row, text) in zip(rows.dropFirst(), texts) {
      #expect(row.count == rows[0].count)
      Self.expect(row[0], is: text, "invoice")
      Self.expect(row[1], is: text, "invoice")
      #expect(row[4] == "-1.00", "a negative number stays a number")
    }
  }

  @Test func everyTextComesBackFromUsageAndLists() throws {
    let texts = Self.texts()
    let subjects = texts.map { text -> JSON in ["subject": .string(text), "value": "1"] }
    let usage = try Self.rows(
      UsageCSV.text(of: ["meter": "m", "unit": "h", "subjects": .array(subjects)]))
    let payments = try Self.rows(
      ListCSV.payments.text(of: texts.map { ["number": 1, "reference": .string($0)] }))
    #expect(usage.count == texts.count + 1)
    #expect(payments.count == texts.count + 1)
    for (place, text) in texts.enumerated() {
      #expect(usage[place + 1].count == usage[0].count)
      #expect(payments[place + 1].count == payments[0].count)
      Self.expect(usage[place + 1][1], is: text, "usage")
      Self.expect(payments[place + 1][4], is: text, "payments")
    }
  }

  /// The values of a group stand in one cell as JSON.
  @Test func everyGroupComesBack() throws {
    let texts = Self.texts()
    let groups = texts.map { text -> JSON in ["group": [.string(text)], "value": "1"] }
    let rows = try Self.rows(UsageCSV.text(of: ["meter": "m", "groups": .array(groups)]))
    for (row, text) in zip(rows.dropFirst(), texts) {
      let cell = try JSON(parsing: Array(row[1].utf8))
      #expect(cell.elements?.first?.stringValue.map { Self.isSame($0, text) } == true)
    }
    #expect(rows.count == texts.count + 1)
  }
}
