/// A value in a document together with the place it stands at, so that a fault can point there.
///
/// The static functions are readers for `FieldReader`: `fields.required("rate", Node.decimal)`.
package struct Node {
  package let json: JSON
  package let pointer: String
  /// Who listens for the keys that are read here; nobody where it is nil.
  private let mentions: ReferenceCollector?

  package init(_ json: JSON, at pointer: String = "", mentions: ReferenceCollector? = nil) {
    self.json = json
    self.pointer = pointer
    self.mentions = mentions
  }

  /// The part at one step below.
  func part(_ json: JSON, at step: String) -> Node {
    Node(json, at: pointer + step, mentions: mentions)
  }

  package func fault(_ wanted: String) -> Fault {
    Fault(.invalidValue, "expected \(wanted)", at: pointer)
  }

  fileprivate func heard<Kind>(_ key: Key<Kind>) { mentions?.note(key, at: pointer) }

  /// Makes a value of the text at this place; its fault is given the place.
  fileprivate func parsed<Value>(
    _ make: (String) throws(Fault) -> Value
  ) throws(Fault) -> Value {
    let text = try Node.text(self)
    do throws(Fault) { return try make(text) } catch { throw error.nested(under: pointer) }
  }
}

extension Node {
  package static func text(_ node: Node) throws(Fault) -> String {
    guard case .string(let text) = node.json else { throw node.fault("a string") }
    return text
  }

  /// A text for people: 1 to 200 bytes.
  package static func label(_ node: Node) throws(Fault) -> String {
    let text = try text(node)
    guard (1...200).contains(text.utf8.count) else { throw node.fault("a text of 1 to 200 bytes") }
    return text
  }

  /// A name that keys of lines are made of: a label without `/` and `@`, which stand between the
  /// parts of such a key, so that two lines never have the same one.
  package static func lineName(_ node: Node) throws(Fault) -> String {
    let name = try label(node)
    guard !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(UInt8(ascii: "@")) else {
      throw node.fault(
        "a name without `/` and `@`, which stand between the parts of a line's key")
    }
    return name
  }

  /// The name of a clause, with which keys of lines begin: a label without `/`, and without `@`
  /// before a day, which names the part of a period that begins on it.
  package static func clauseName(_ node: Node) throws(Fault) -> String {
    let name = try label(node)
    let parts = name.split(separator: "@", omittingEmptySubsequences: false).dropFirst()
    guard !name.utf8.contains(UInt8(ascii: "/")), !parts.contains(where: beginsWithDay) else {
      throw node.fault(
        "a name without `/`, and without `@` before a day, which keys of lines are made with")
    }
    return name
  }

  private static func beginsWithDay(_ text: Substring) -> Bool {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    return text.utf8.prefix(10).map { digits.contains($0) ? digits.lowerBound : $0 }
      == Array("0000-00-00".utf8)
  }

  /// The key of a line of an invoice: names with what separates them.
  package static func lineKey(_ node: Node) throws(Fault) -> String {
    let text = try text(node)
    guard (1...lineKeyBytesMax).contains(text.utf8.count) else {
      throw node.fault("the key of a line, of 1 to \(lineKeyBytesMax) bytes")
    }
    return text
  }

  /// A clause, a day, an asset and a group of five values of 200 bytes, escaped.
  private static let lineKeyBytesMax = 8192

  package static func flag(_ node: Node) throws(Fault) -> Bool {
    guard case .bool(let flag) = node.json else { throw node.fault("true or false") }
    return flag
  }

  package static func integer(
    in range: ClosedRange<Int>
  ) -> (Node) throws(Fault) -> Int {
    { (node) throws(Fault) in
      guard case .number(let text) = node.json, let number = Int(text), range.contains(number)
      else {
        throw node.fault("a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }
  }

  /// A decimal, as a string (`"1.0400"`, whose places are kept) or as a plain JSON number.
  package static func decimal(_ node: Node) throws(Fault) -> Fixed {
    guard case .number(let text) = node.json else {
      return try node.parsed { (text) throws(Fault) in try Fixed(text) }
    }
    return try decimal(Node(.string(text), at: node.pointer))
  }

  /// A rate or a factor.
  package static func nonNegative(_ node: Node) throws(Fault) -> Fixed {
    let value = try decimal(node)
    guard value.units >= 0 else { throw node.fault("a decimal that is not negative") }
    return value
  }

  package static func instant(_ node: Node) throws(Fault) -> Instant {
    guard let instant = Instant(try text(node)) else {
      throw node.fault("a date and time of RFC 3339, such as 2013-01-01T00:00:00Z")
    }
    return instant
  }

  package static func date(_ node: Node) throws(Fault) -> CivilDate {
    guard let instant = Instant(try text(node) + "T00:00:00Z") else {
      throw node.fault("a date such as 2013-01-01")
    }
    return CivilDate(daysSinceEpoch: Int(floorDivide(instant.secondsSinceEpoch, by: 86_400)))
  }

  package static func month(_ node: Node) throws(Fault) -> BillingMonth {
    try node.parsed { (text) throws(Fault) in try BillingMonth(text) }
  }

  package static func currency(_ node: Node) throws(Fault) -> Currency {
    try node.parsed { (text) throws(Fault) in try Currency(text) }
  }

  /// A word out of a closed list, such as the kind of a clause.
  package static func word<Word: RawRepresentable<String> & CaseIterable>(
    _ node: Node
  ) throws(Fault) -> Word {
    guard let word = Word(rawValue: try text(node)) else {
      throw node.fault("one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return word
  }

  /// A list of at most `countMax`, each element read by `read`; all their faults come together.
  package static func list<Element>(
    of read: @escaping (Node) throws(Faults) -> Element, countMax: Int
  ) -> (Node) throws(Faults) -> [Element] {
    { (node) throws(Faults) in
      guard case .array(let elements) = node.json, elements.count <= countMax else {
        throw Faults([node.fault("a list of at most \(countMax)")])
      }
      var faults: [Fault] = []
      var list: [Element] = []
      for (index, element) in elements.enumerated() {
        do throws(Faults) {
          list.append(try read(node.part(element, at: "/\(index)")))
        } catch {
          faults += error.list
        }
      }
      guard faults.isEmpty else { throw Faults(faults) }
      return list
    }
  }

  package static func list<Element>(
    each read: @escaping (Node) throws(Fault) -> Element, countMax: Int
  ) -> (Node) throws(Faults) -> [Element] {
    list(
      of: { (node) throws(Faults) in try Faults.gather { () throws(Fault) in try read(node) } },
      countMax: countMax)
  }
}

extension Key {
  package static func read(_ node: Node) throws(Fault) -> Key {
    let key = try node.parsed { (text) throws(Fault) in try Key(text) }
    node.heard(key)
    return key
  }
}
