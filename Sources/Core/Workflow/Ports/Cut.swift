/// A place in a workspace's log: every event up to it, none after it. What a figure rests on.
/// Services compare cuts and keep them; what the number means is the engine's.
package struct Cut: Hashable, Comparable, Sendable {
  package let through: Int64

  package init(through: Int64) { self.through = through }

  package static func < (cut: Cut, other: Cut) -> Bool { cut.through < other.through }
}
