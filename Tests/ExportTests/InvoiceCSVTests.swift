import Base
import Export
import Testing

@Suite struct InvoiceCSVTests {
  @Test func everyLineIsARow() throws {
    let document = try JSON(
      parsing: Array(
        #"""
        {"currency":"EUR","total":"-12.50","lines":[
          {"key":"a/hours","description":"Hours, \"plain\"","quantity":"124009/30",
           "quantityDecimal":"4133.633333","unit":"h","amount":"-12.50","clause":"a",
           "tax":{"key":"vat","rate":"0.19"}}]}
        """#.utf8))
    #expect(
      InvoiceCSV.lines(of: document).split(separator: "\r\n").map(String.init) == [
        "key,description,quantity,unit,amount,currency,quantity_exact,tax,tax_rate,clause,stage,"
          + "asset,corrects,corrects_line",
        "a/hours,\"Hours, \"\"plain\"\"\",4133.633333,h,-12.50,EUR,124009/30,vat,0.19,a,,,,",
      ])
  }

  /// A spreadsheet must not run what a customer wrote.
  @Test(arguments: [
    "=1+1", "+cmd", "-x", "@sum", "\tx", "\rx", "=\u{301}1", " =1", "\u{200B}=1", "\u{FF1D}1",
    "-\u{20DD}1",
  ])
  func aTextIsNeverAFormula(text: String) throws {
    let line: JSON = ["key": .string(text), "amount": "1.00"]
    let csv = InvoiceCSV.lines(of: ["currency": "EUR", "total": "1.00", "lines": [line]])
    let cell = text.contains("\r") ? "\"'\(text)\"" : "'\(text)"
    #expect(csv.unicodeScalars.split(separator: "\n")[1].starts(with: cell.unicodeScalars))
  }

  /// A sign that carries an accent is one character, and a comma all the same.
  @Test(arguments: ["a,\u{301}b", "\"\u{301}", "x\r\ny"])
  func aSignWithAnAccentIsQuotedToo(text: String) throws {
    let csv = InvoiceCSV.lines(
      of: ["currency": "EUR", "lines": [["key": .string(text), "amount": "1.00"]]])
    let quoted = text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
    #expect(
      csv.unicodeScalars.dropFirst(
        csv.unicodeScalars.firstIndex(of: "\n").map {
          csv.unicodeScalars.distance(from: csv.unicodeScalars.startIndex, to: $0) + 1
        } ?? 0
      ).starts(with: "\"\(quoted)\",".unicodeScalars))
  }
}
