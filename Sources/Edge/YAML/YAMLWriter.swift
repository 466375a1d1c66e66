package import Base

/// Writes a document as YAML in block style: a member a line, short lists of plain things on one.
/// One tree has one text, and reading it gives the tree again.
package struct YAMLWriter {
  private static let columnsMax = 100

  private var lines: [String] = []

  package static func text(of json: JSON) -> String {
    var writer = YAMLWriter()
    writer.write(json, indent: 0)
    return writer.lines.map { $0 + "\n" }.joined()
  }

  private mutating func write(_ json: JSON, indent: Int) {
    let margin = String(repeating: " ", count: indent)
    switch json {
    case .object(let members) where !members.isEmpty:
      for member in members {
        write(member.value, behind: margin + YAMLWriter.word(member.name) + ":", indent: indent + 2)
      }
    case .array(let elements) where !elements.isEmpty:
      for element in elements { write(element: element, margin: margin, indent: indent) }
    default: lines.append(margin + YAMLWriter.flow(json))
    }
  }

  /// On the same line where it is short and has no parts with parts of their own.
  private mutating func write(_ json: JSON, behind head: String, indent: Int) {
    let short = head + " " + YAMLWriter.flow(json)
    if YAMLWriter.depth(json) == 0 || YAMLWriter.depth(json) == 1 && YAMLWriter.isBrief(json, short)
    {
      lines.append(short)
    } else {
      lines.append(head)
      write(json, indent: indent)
    }
  }

  private mutating func write(element: JSON, margin: String, indent: Int) {
    let short = margin + "- " + YAMLWriter.flow(element)
    guard YAMLWriter.depth(element) > 1 || short.count > Self.columnsMax,
      YAMLWriter.depth(element) > 0
    else {
      lines.append(short)
      return
    }
    let start = lines.count
    write(element, indent: indent + 2)
    lines[start] = margin + "- " + lines[start].dropFirst(indent + 2)
  }

  /// Objects are easier to read member by member; a list of words is not.
  private static func isBrief(_ json: JSON, _ short: String) -> Bool {
    switch json {
    case .array: short.count <= columnsMax
    case .object(let members): members.count <= 2 && short.count <= columnsMax
    default: true
    }
  }

  /// How deep the parts go: 0 for a scalar or something empty.
  private static func depth(_ json: JSON) -> Int {
    switch json {
    case .object(let members): members.map { depth($0.value) + 1 }.max() ?? 0
    case .array(let elements): elements.map { depth($0) + 1 }.max() ?? 0
    default: 0
    }
  }

  private static func flow(_ json: JSON) -> String {
    switch json {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .number(let text): text
    case .string(let text): word(text)
    case .array(let elements): "[" + elements.map(flow).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { "\(word($0.name)): \(flow($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  /// Plain where no reader of YAML could take it for anything but this text; else in quotes.
  private static func word(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

  /// Words that some versions of YAML read as truth values or nothing.
  private static let reserved: Set = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]

  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, !reserved.contains(text.lowercased()) else {
      return false
    }
    let isWord = first.isASCII && first.properties.isAlphabetic
    guard isWord || isDate(text), text.last != " ", !text.hasSuffix(":"), !text.contains(": ")
    else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        || " ._~:/+()-".unicodeScalars.contains(scalar)
    } && !text.contains(" #")
  }

  /// `2013-01-01` or `2013-01`, which are texts here, as in the core schema of YAML 1.2.
  private static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return (2...3).contains(parts.count) && parts[0].utf8.count == 4
      && parts.dropFirst().allSatisfy { $0.utf8.count == 2 }
      && text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (48...57).contains($0) }
  }

  private static func quoted(_ text: String) -> String {
    let inside = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      case "\t": "\\t"
      // All that YAML does not let stand in a text, or takes for a line's end.
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{2029}", "\u{FEFF}",
        "\u{FFFE}"..."\u{FFFF}":
        "\\u" + padded(scalar.value)
      default: String(scalar)
      }
    }
    return "\"" + inside.joined() + "\""
  }

  private static func padded(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
