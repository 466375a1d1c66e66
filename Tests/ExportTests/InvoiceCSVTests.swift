import Base
import Export
import Testing

@Suite struct InvoiceCSVTests {
  @Test func everyLineIsARowAndTheTotalIsLast() throws {
    let document = try JSON(
      parsing: Array(
        #"""
        {"currency":"EUR","total":"-12.50","lines":[
          {"key":"a/hours","description":"Hours, \"plain\"","quantity":"124009/30","unit":"h",
           "amount":"-12.50"}]}
        """#.utf8))
    #expect(
      InvoiceCSV.lines(of: document).split(separator: "\r\n").map(String.init) == [
        "key,description,quantity,unit,amount,currency",
        "a/hours,\"Hours, \"\"plain\"\"\",124009/30,h,-12.50,EUR",
        "total,Total,,,-12.50,EUR",
      ])
  }

  /// A spreadsheet must not run what a customer wrote.
  @Test(arguments: ["=1+1", "+cmd", "-x", "@sum", "\tx"])
  func aTextIsNeverAFormula(text: String) throws {
    let line: JSON = ["key": .string(text), "amount": "1.00"]
    let csv = InvoiceCSV.lines(of: ["currency": "EUR", "total": "1.00", "lines": [line]])
    #expect(csv.contains("'\(text),"))
  }
}
