import Yams

/// Reads a text in which an object may have a name twice, so that every such name can be told. Yams
/// stops at the first: it is marked as no other name is, and the text is read again.
struct RepeatedNames {
  static let namesMax = 100
  /// For private use: no name that means anything begins with it.
  private static let mark: Unicode.Scalar = "\u{E000}"

  private var text: String.UnicodeScalarView
  /// In the order in which they were made, each where it stood in the text as it was then.
  private var marks: [(place: TextPlace, length: Int)] = []
  /// How many marks the name has that stands there in the text as it was written.
  private var lengths: [TextPlace: Int] = [:]

  init(_ text: String) { self.text = text.unicodeScalars }

  mutating func compose() throws(YAMLFault) -> Yams.Node? {
    while true {
      do {
        return try Yams.compose(yaml: String(text))
      } catch YamlError.duplicatedKeysInMapping(let names, let context) {
        let fault = YAMLFault(
          YamlError.duplicatedKeysInMapping(duplicates: names, context: context))
        guard marks.count < Self.namesMax, let name = names.first, mark(name, at: fault.place)
        else { throw YAMLFault(fault.detail, at: original(fault.place)) }
      } catch {
        let fault = YAMLFault(error)
        throw YAMLFault(fault.detail, at: original(fault.place))
      }
    }
  }

  /// Where something stands in the text as it was written.
  func place(_ mark: Mark?) -> TextPlace { original(TextPlace(mark)) }

  /// The name as it was written.
  func name(_ scalar: Yams.Node.Scalar) -> String {
    guard let length = lengths[place(scalar.mark)] else { return scalar.string }
    return String(String.UnicodeScalarView(scalar.string.unicodeScalars.dropFirst(length)))
  }

  private func original(_ place: TextPlace) -> TextPlace {
    marks.reversed().reduce(place) { place, mark in
      guard place.line == mark.place.line, place.column > mark.place.column else { return place }
      return TextPlace(line: place.line, column: place.column - mark.length)
    }
  }

  /// False where the name does not begin at that place, as behind an anchor.
  private mutating func mark(_ name: String, at place: TextPlace) -> Bool {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard place.line <= lines.count else { return false }
    let rest = lines[place.line - 1].dropFirst(place.column - 1)
    let isQuoted = rest.first == "\"" || rest.first == "'"
    guard isQuoted || rest.starts(with: name.unicodeScalars) else { return false }
    let length = marks.count + 1
    lengths[original(place)] = length
    let column = place.column + (isQuoted ? 1 : 0)
    let index = isQuoted ? text.index(after: rest.startIndex) : rest.startIndex
    text.insert(contentsOf: repeatElement(Self.mark, count: length), at: index)
    marks.append((TextPlace(line: place.line, column: column), length))
    return true
  }
}
