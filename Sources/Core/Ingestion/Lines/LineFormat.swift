package import Base

/// How lines are read as events, slice by slice. A format whose first line explains the others
/// remembers it from one slice to the next.
package protocol LineFormat: Sendable {
  /// A fault here ends the request; what is wrong with one line is a refusal in the batch.
  mutating func events(in slice: LineSlice) throws(Fault) -> EventBatch

  /// What the last slice left open; nil where lines do not reach over their ends.
  mutating func end() throws(Fault) -> EventBatch?
}

/// One CloudEvent a line, in the JSON format; blank lines are skipped.
package struct JSONLines: LineFormat {
  package init() {}

  package func events(in slice: LineSlice) -> EventBatch { EventScanner.scan(slice) }

  package func end() -> EventBatch? { nil }
}
