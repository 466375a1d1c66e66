package import Base

/// One CloudEvent as ranges of the bytes of its batch: nothing is copied until it is stored.
package struct Event: Sendable {
  /// Its place in the request, from zero; the number of its line where it has one to itself.
  package let index: Int
  package let id: Range<Int>
  package let source: Range<Int>
  package let type: Range<Int>
  package let subject: Range<Int>?
  /// When it happened; nil where the sender left that to the server.
  package let time: Instant?
  /// The text of the JSON value of `data`.
  package let data: Range<Int>?
  /// Every other attribute, as the members of a JSON object without its braces.
  package let attributes: Range<Int>?
}

/// The events of one request, or of one slice of a stream, in order, and those that were refused.
package struct EventBatch: Sendable {
  package struct Refusal: Sendable {
    package let index: Int
    package let fault: Fault

    package init(index: Int, fault: Fault) {
      self.index = index
      self.fault = fault
    }
  }

  /// The text of the events, followed by strings whose escapes were resolved.
  package let bytes: [UInt8]
  package let events: [Event]
  package let refusals: [Refusal]
  /// Whether the request is one event, rather than some that stand at a place each.
  package let isSingle: Bool

  package func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  /// Where in the request's document that event stands.
  package func pointer(to index: Int) -> String { isSingle ? "" : "/\(index)" }
}

/// How the events of a request are written that is read as one document.
package enum EventFormat: Sendable {
  /// One event, `application/cloudevents+json`.
  case single
  /// A list of events, `application/cloudevents-batch+json`.
  case batch
}
