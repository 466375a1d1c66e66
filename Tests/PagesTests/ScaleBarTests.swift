import Testing

@testable import Pages

@Suite struct ScaleBarTests {
  @Test(arguments: [(0, nil), (-5, nil), (20, "20%"), (100, "100%"), (140, "100%")])
  func theBarIsAsLongAsTheShare(percent: Int, width: String?) throws {
    let bar = try #require(Document(ScaleBar(percent: percent).markup.text))
    #expect(bar.all("rect", class: "reached").first?.attributes["width"] == width)
  }

  @Test func theMarkOverlooksTheBar() throws {
    let bar = try #require(Document(ScaleBar(percent: 100, mark: 60).markup.text))
    let mark = try #require(bar.all("line", class: "mark").first)
    #expect(mark.attributes["x1"] == "60%" && mark.attributes["y1"] == "0")
    #expect(mark.attributes["y2"] == "14" && bar.elements[0].attributes["height"] == "14")
  }
}
