import Testing

@testable import Pages

/// What holds for every page, whatever it shows.
@Suite struct PageStructureTests {
  @Test(arguments: ["Endeavor Air", Samples.hostile])
  func everyPageIsWellFormed(name: String) throws {
    for (page, html) in try Samples.pages(name: name) {
      #expect(Document(html) != nil, "\(page) is not well-formed")
    }
  }

  @Test func textOfOthersBecomesNoMarkup() throws {
    let plain = try Samples.pages(name: "x")
    let hostile = try Samples.pages(name: Samples.hostile)
    for ((page, html), (_, attacked)) in zip(plain, hostile) {
      let expected = try #require(Document(html)).elements
      let elements = try #require(Document(attacked)).elements
      // The same elements with the same attributes: nothing that was given has become structure.
      #expect(elements.map(\.name) == expected.map(\.name), "\(page)")
      #expect(
        elements.map { $0.attributes.keys.sorted() }
          == expected.map { $0.attributes.keys.sorted() }, "\(page)")
    }
  }

  /// The names reach the reader as they were given, but for what no page may hold.
  @Test func namesReachTheReaderAsTheyWereGiven() throws {
    let shown = Samples.hostile.replacing("\0", with: "\u{FFFD}")
      .replacing("\u{1B}", with: "\u{FFFD}")
    for (page, html) in try Samples.pages(name: Samples.hostile) {
      let body = try #require(Document(html)).all("body")[0]
      #expect(body.text.contains(shown), "\(page)")
    }
  }

  @Test func pagesLoadAndRunNothing() throws {
    for (page, html) in try Samples.pages(name: "Endeavor Air") {
      let elements = try #require(Document(html)).elements
      let names = Set(elements.map(\.name))
      #expect(names.isDisjoint(with: ["script", "style", "img", "iframe", "input", "use"]))
      for form in elements.filter({ $0.name == "form" }) {
        #expect(form.attributes["action"] == PagePath.signOut, "\(page): nothing else is sent")
      }
      for attribute in elements.flatMap(\.attributes.keys) {
        #expect(attribute != "style" && !attribute.hasPrefix("on"), "\(page): \(attribute)")
      }
      let links = elements.filter { $0.name == "link" }.compactMap { $0.attributes["href"] }
      #expect(links == ["data:,", PageRenderer.stylesheetPath])
    }
  }

  @Test func everyPageCanBeFoundOnesWayIn() throws {
    for (page, html) in try Samples.pages(name: "Endeavor Air") {
      let document = try #require(Document(html))
      let ids = document.elements.compactMap { $0.attributes["id"] }
      #expect(Set(ids).count == ids.count, "\(page) uses an id twice")
      for names in document.elements.compactMap({ $0.attributes["aria-labelledby"] }) {
        for name in names.split(separator: " ").map(String.init) {
          #expect(ids.contains(name), "\(page): \(name)")
        }
      }
      #expect(document.all("html").first?.attributes["lang"] == "en")
      #expect(document.all("main").count == 1 && document.all("h1").count == 1)
      #expect(document.all("title").first?.text.hasSuffix(" · Usance") == true)
      #expect(document.all("a").first?.attributes["href"] == "#content")
      #expect(document.all("th").allSatisfy { $0.attributes["scope"] != nil })
    }
  }

  /// Three braces place markup that was made by code, and nothing else.
  @Test func onlyChartsAreUnescaped() throws {
    for (name, bytes) in PageRenderer.templates {
      let text = String(decoding: bytes, as: UTF8.self)
      let places = text.matches(of: /\{\{\{(.*?)\}\}\}/).map { String($0.1) }
      let charts = ["customer": ["monthsChart", "."], "score": ["bar", "bar"]]
      #expect(places == charts[name, default: []])
      #expect(!text.contains("{{&") && !text.contains("CONTENT_TYPE"))
    }
  }
}
