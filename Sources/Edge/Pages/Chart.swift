/// What the charts have in common.
///
/// Charts are drawn in per cent across and in pixels down, without a `viewBox`: so a chart is as
/// wide as its place, and its text has the size of the text around it on a phone and on a screen.
/// Coordinates are the one place where an amount becomes a `Double`.
enum Chart {
  /// The outer element. `id` is unique on the page; `description` tells the whole content to who
  /// cannot see it.
  static func svg(
    _ name: StaticString, id: String, height: Int, title: String, description: String,
    _ children: [Markup]
  ) -> Markup {
    .element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "chart \(name)", "width": "100%",
        "height": String(height), "role": "img", "aria-labelledby": "\(id)-title \(id)-desc",
      ],
      [
        .element("title", ["id": "\(id)-title"], [.text(title)]),
        .element("desc", ["id": "\(id)-desc"], [.text(description)]),
      ] + children)
  }

  enum Anchor: String {
    case start, middle, end
  }

  static func label(
    _ value: String, x: Double, y: Int, _ anchor: Anchor, _ style: String
  ) -> Markup {
    .element(
      "text",
      ["x": percent(x), "y": String(y), "text-anchor": anchor.rawValue, "class": style],
      [.text(value)])
  }

  static func line(
    from start: (x: Double, y: Int), to end: (x: Double, y: Int), _ style: String
  ) -> Markup {
    .element(
      "line",
      [
        "x1": percent(start.x), "y1": String(start.y), "x2": percent(end.x), "y2": String(end.y),
        "class": style,
      ])
  }

  /// To a thousandth, which is finer than a pixel and never written with an exponent.
  static func percent(_ value: Double) -> String {
    let rounded = (value * 1000).rounded() / 1000
    let whole = rounded == rounded.rounded()
    return (whole ? String(Int(rounded)) : String(rounded)) + "%"
  }

  /// About how wide a text is, in per cent of a chart on the smallest phone. Too wide is safe: it
  /// only takes room from the bars.
  static func widthPercent(_ text: String) -> Double {
    let narrow = text.count { ".,'\u{2212}".contains($0) }
    return Double(text.count - narrow) * 2.3 + Double(narrow) * 1.3
  }
}
