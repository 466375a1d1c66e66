import Base

/// A bar on a scale of 0 to 100, with a mark where enough begins. It stands beside its figure,
/// which says the same, so it is hidden from who hears the page.
struct ScaleBar {
  let markup: Markup

  /// Values beyond the scale are drawn at its ends.
  init(percent: Int, mark: Int? = nil) {
    let held = min(max(percent, 0), 100)
    var parts = [
      Markup.element("rect", ["width": "100%", "height": "100%", "class": "ground"])
    ]
    if held > 0 {
      parts.append(
        .element("rect", ["width": "\(held)%", "height": "100%", "class": "reached"]))
    }
    if let mark {
      parts.append(Chart.line(from: (Double(mark), 0), to: (Double(mark), 8), "mark"))
    }
    markup = .element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "scale", "width": "100%", "height": "8",
        "aria-hidden": "true", "focusable": "false",
      ], parts)
  }
}
