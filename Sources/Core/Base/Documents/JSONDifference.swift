/// A place at which two documents differ: what stood there, and what stands there now.
package struct JSONDifference: Hashable, Sendable {
  package let pointer: String
  package let old: JSON?
  package let new: JSON?

  /// Every place, as deep down as it is one: members by their names, elements by their places.
  package static func between(
    _ old: JSON, _ new: JSON, at pointer: String = ""
  ) -> [JSONDifference] {
    switch (old, new) {
    case (.object(let before), .object(let after)):
      let names = before.map(\.name) + after.map(\.name).filter { old[$0] == nil }
      return names.flatMap { name in
        between(old[name], new[name], at: pointer + JSON.pointerStep(name))
      }
    case (.array(let before), .array(let after)):
      return (0..<max(before.count, after.count)).flatMap { index in
        between(
          index < before.count ? before[index] : nil, index < after.count ? after[index] : nil,
          at: "\(pointer)/\(index)")
      }
    default: return old == new ? [] : [JSONDifference(pointer: pointer, old: old, new: new)]
    }
  }

  private static func between(
    _ old: JSON?, _ new: JSON?, at pointer: String
  ) -> [JSONDifference] {
    guard let old, let new else { return [JSONDifference(pointer: pointer, old: old, new: new)] }
    return between(old, new, at: pointer)
  }
}
