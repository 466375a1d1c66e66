import Base
import Workflow

/// What would become of the catalog, for a person to agree to.
struct CatalogPlan {
  /// The tag of the catalog that this was held against.
  let seen: String?
  private let answer: JSON

  init(_ answer: JSON, seen: String?) {
    self.answer = answer
    self.seen = seen
  }

  var hasChanges: Bool { !changes.isEmpty }

  var text: String {
    var lines = changes.flatMap(lines(of:))
    let isNew = changes.count { $0["effect"] == "new" }
    let unchanged = answer["unchanged"]?.text ?? "0"
    lines.append("\(isNew) new, \(changes.count - isNew) changed, \(unchanged) unchanged.")
    if let left = leftAlone { lines.append("Not in your files, unchanged: \(left).") }
    return lines.joined(separator: "\n")
  }

  private var changes: [JSON] { answer["changes"]?.elements ?? [] }

  private func lines(of change: JSON) -> [String] {
    let name = "\(change["kind"]?.stringValue ?? "") \(change["key"]?.stringValue ?? "")"
    guard change["effect"] != "new" else { return ["+ \(name)"] }
    return ["~ \(name), version \(change["version"]?.text ?? "")"]
      + (change["differences"]?.elements ?? []).map { difference in
        let (old, new) = (difference["old"]?.text, difference["new"]?.text)
        return "    \(difference["pointer"]?.stringValue ?? ""): \(old ?? "nothing") -> "
          + (new ?? "nothing")
      }
  }

  private func count(_ count: Int, _ section: String) -> String {
    guard let kind = CatalogKind.allCases.first(where: { $0.section == section }) else {
      return "\(count) \(section)"
    }
    return count.counted(kind.noun, kind == .indexSeries ? kind.noun : section)
  }

  /// `2 customers (acme, bird), 700 assets (N1, N2, N3, ...)`
  private var leftAlone: String? {
    guard case .object(let sections) = answer["notInRequest"], !sections.isEmpty else { return nil }
    return sections.map { section in
      let keys = (section.value.elements ?? []).compactMap(\.stringValue)
      let shown = keys.prefix(3) + (keys.count > 3 ? ["..."] : [])
      return "\(count(keys.count, section.name)) (\(shown.joined(separator: ", ")))"
    }.joined(separator: ", ")
  }
}
