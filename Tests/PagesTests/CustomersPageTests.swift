import Base
import Foundation
import Testing

@testable import Pages

@Suite struct CustomersPageTests {
  @Test func aRowReadsAsAStatement() throws {
    let html = try PageRenderer().customers(Samples.customers())
    let start = try #require(html.range(of: "<tbody role=\"rowgroup\">\n"))
    let end = try #require(html.range(of: "</tr>\n", range: start.upperBound..<html.endIndex))
    #expect(
      html[start.upperBound..<end.upperBound] == """
        <tr role="row">
        <th role="rowheader" scope="row" class="who"><a href="/customers/9E">\
        <bdi>Endeavor Air</bdi></a> <span class="key">9E</span></th>
        <td role="cell" class="number hours">\
        <span class="caption" aria-hidden="true">Hours in use</span>\
        <span class="figure">11,862.5</span></td>
        <td role="cell" class="number amount">\
        <span class="caption" aria-hidden="true">Charge</span>\
        <span class="figure">1,321,315.87\u{A0}USD</span>\
        <span class="note">2 invoices final, 1 month running</span></td>
        <td role="cell" class="score">\
        <span class="caption" aria-hidden="true">Value co-creation score</span>\
        <span class="unknown">not determinable</span>\
        <span class="note">coverage: customer side 20\u{A0}%, provider side 0\u{A0}%</span>\
        <span class="note">missing: outcome attainment, commitments kept and 2 more</span></td>
        </tr>

        """)
  }

  @Test func whatIsNotKnownHasNoFigure() throws {
    let html = try PageRenderer().customers(Samples.customers())
    let cells = try #require(Document(html)).all("td").suffix(3).map(\.text)
    #expect(cells[0...0] == ["Hours in useunknown"])
    #expect(cells[1...1] == ["Chargenot priced"])
    #expect(cells.last?.hasPrefix("Value co-creation score78.6 mutual") == true)
  }

  @Test func anEmptyWorkspaceSaysSo() throws {
    let view = CustomersView(workspace: "New", months: nil, rows: [])
    let html = try PageRenderer().customers(view)
    #expect(html.contains("No customer has been added to this workspace yet."))
    #expect(!html.contains("<table"))
  }

  @Test func theNoticeIsShownWhereThereIsOne() throws {
    let renderer = try PageRenderer()
    #expect(!renderer.customers(Samples.customers()).contains("class=\"notice\""))
    #expect(
      renderer.customers(Samples.customers(notice: "A stand-in curve.")).contains(
        "<p class=\"notice\"><bdi>A stand-in curve.</bdi></p>"))
  }
}
