/// A bar on a scale of 0 to 100, with a mark where enough begins. It stands beside its figure,
/// which says the same, so it is hidden from who hears the page.
struct ScaleBar {
  let markup: Markup

  /// Values beyond the scale are drawn at its ends.
  init(percent: Int, mark: Int? = nil) {
    let held = min(max(percent, 0), 100)
    // The mark is taller than the bar, so that it shows on a full bar too.
    let top = mark == nil ? 0 : 3
    var parts = [ScaleBar.bar("ground", width: 100, top: top)]
    if held > 0 { parts.append(ScaleBar.bar("reached", width: held, top: top)) }
    let height = ScaleBar.barHeight + 2 * top
    if let mark {
      parts.append(Chart.line(from: (Double(mark), 0), to: (Double(mark), height), "mark"))
    }
    markup = .element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "scale", "width": "100%",
        "height": String(height), "aria-hidden": "true", "focusable": "false",
      ], parts)
  }

  private static func bar(_ style: String, width: Int, top: Int) -> Markup {
    .element(
      "rect",
      [
        "y": String(top), "width": "\(width)%", "height": String(barHeight), "class": style,
      ])
  }

  private static let barHeight = 8
}
