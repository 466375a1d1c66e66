/// What became of one event, said after it was made durable.
package enum AppendResult: Hashable, Sendable {
  /// New, and counted.
  case accepted
  /// Seen before with the same payload; it counts once.
  case duplicate
  /// Seen before with another payload: the first one is kept, this one is quarantined.
  case conflicting
}
