import HTTPTypes

/// What a caller can read, as its `Accept` says. Source: RFC 9110, section 12.5.1.
struct Accept {
  private struct Range {
    /// `*` for any.
    let type: Substring
    let subtype: Substring
    /// In thousandths.
    let weight: Int

    /// How exactly it names a content type; nil where it names another.
    func precision(for name: (type: Substring, subtype: Substring)) -> Int? {
      if type == "*" { return 0 }
      guard type == name.type else { return nil }
      if subtype == "*" { return 1 }
      return subtype == name.subtype ? 2 : nil
    }
  }

  private static let weightMax = 1000
  private let ranges: [Range]

  /// Without such a header, or with one that names nothing, everything can be read.
  init(_ fields: HTTPFields) {
    ranges = fields[values: .accept].flatMap { $0.lowercased().split(separator: ",") }
      .compactMap(Accept.range)
  }

  /// The one of some content types that the caller likes best, of equals the first; nil where it
  /// can read none of them.
  func best(of types: [String]) -> String? {
    guard !ranges.isEmpty else { return types.first }
    var best: (type: String, weight: Int)?
    for type in types {
      let weight = weight(of: type)
      if weight > best?.weight ?? 0 { best = (type, weight) }
    }
    return best?.type
  }

  /// The most exact range that names it decides.
  private func weight(of type: String) -> Int {
    guard let name = Accept.name(type[...]) else { return 0 }
    var found: (precision: Int, weight: Int)?
    for range in ranges {
      if let precision = range.precision(for: name), precision > found?.precision ?? -1 {
        found = (precision, range.weight)
      }
    }
    return found?.weight ?? 0
  }

  private static func range(_ text: Substring) -> Range? {
    let parts = text.split(separator: ";", omittingEmptySubsequences: false).map(trimmed)
    guard let first = parts.first, let name = Accept.name(first == "*" ? "*/*" : first) else {
      return nil
    }
    let written = parts.dropFirst().first { $0.hasPrefix("q=") }
    return Range(
      type: name.type, subtype: name.subtype,
      weight: written.map { Accept.weight($0.dropFirst(2)) } ?? weightMax)
  }

  private static func name(_ text: Substring) -> (type: Substring, subtype: Substring)? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    return (parts[0], parts[1])
  }

  /// `0`, `1`, or up to three digits behind a point; what cannot be read is taken for 1.
  private static func weight(_ text: Substring) -> Int {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = parts.first, whole == "0" || whole == "1", parts.count <= 2 else {
      return weightMax
    }
    let digits = parts.count == 2 ? parts[1].prefix(3) : ""
    guard digits.allSatisfy(\.isASCII), let thousandths = digits.isEmpty ? 0 : Int(digits) else {
      return weightMax
    }
    let scale = [1000, 100, 10, 1][digits.count]
    return min(weightMax, (whole == "1" ? weightMax : 0) + thousandths * scale)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop { $0 == " " || $0 == "\t" }
    let end = start.lastIndex { $0 != " " && $0 != "\t" }
    return end.map { start[...$0] } ?? ""
  }
}
