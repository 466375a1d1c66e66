#if canImport(FoundationXML)
  import Foundation
  import FoundationXML
#else
  import Foundation
#endif

/// A page or chart as a parser sees it. Pages are written so that they are well-formed XML too,
/// which makes a strict parser the judge of their structure.
struct Document {
  struct Element {
    let name: String
    let attributes: [String: String]
    /// All text within, of its descendants too.
    fileprivate(set) var text = ""

    func has(class name: String) -> Bool {
      attributes["class", default: ""].split(separator: " ").contains { $0 == name }
    }
  }

  /// In the order of their start tags.
  let elements: [Element]

  /// Nil where tags do not balance, an entity is unknown, or a character is not allowed.
  init?(_ text: String) {
    let collector = Collector()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = collector
    guard parser.parse() else { return nil }
    elements = collector.elements
  }

  func all(_ name: String, class style: String? = nil) -> [Element] {
    elements.filter { $0.name == name && (style == nil || $0.has(class: style!)) }
  }

  private final class Collector: NSObject, XMLParserDelegate {
    var elements: [Element] = []
    private var open: [Int] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      open.append(elements.count)
      elements.append(Element(name: name, attributes: attributes))
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
      qualifiedName: String?
    ) {
      open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      for index in open { elements[index].text += text }
    }
  }
}
