/// A piece of a page that is safe to send: names that were written here, and values that were
/// escaped. A name is a `StaticString`, so that no text of a user can become one.
struct Markup {
  let text: String

  static func text(_ value: String) -> Markup { Markup(text: escaped(value)) }

  static func element(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:],
    _ children: [Markup] = []
  ) -> Markup {
    var text = "<\(name)"
    for (attribute, value) in attributes { text += " \(attribute)=\"\(escaped(value))\"" }
    text += children.isEmpty ? "/>" : ">"
    for child in children { text += child.text }
    if !children.isEmpty { text += "</\(name)>" }
    return Markup(text: text)
  }

  /// Escapes scalar by scalar. By character would not do: a quotation mark followed by a combining
  /// accent is one `Character`, but to a browser it is still a quotation mark.
  static func escaped(_ value: String) -> String {
    var text = ""
    text.reserveCapacity(value.utf8.count)
    for scalar in value.unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      case "\t", "\n", "\r": text.unicodeScalars.append(scalar)
      case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": text += "\u{FFFD}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  private init(text: String) { self.text = text }
}
