import Mustache

/// How templates are compiled, so that nothing a template shows goes out unescaped.
///
/// The library's own escaping goes by `Character` and lets `"` through when a combining mark
/// follows it, or `<` when a prepended mark stands before it. So every template starts with a
/// declaration of the content type below, which escapes by scalar; a template cannot forget it,
/// for it is put in front here.
enum TemplateText {
  static func compile(_ bytes: [UInt8]) throws -> MustacheTemplate {
    MustacheContentTypes.register(ScalarEscaping(), named: contentType)
    return try MustacheTemplate(
      string: "{{% CONTENT_TYPE:\(contentType)}}\n" + String(decoding: bytes, as: UTF8.self))
  }

  private static let contentType = "PAGES"

  private struct ScalarEscaping: MustacheContentType {
    func escapeText(_ text: String) -> String { Markup.escaped(text) }
  }
}

/// Lets a template place a chart with three braces; with two it would show as text, unharmed.
extension Markup: MustacheCustomRenderable {
  var renderText: String { text }
  var isNull: Bool { false }
}
