package import Base

/// Says that an event was wrong: it takes it back, or puts something else in its place.
///
/// It is an event itself, of the type `usance.correction`, and names the other one by source and
/// id. The log keeps both. Of several corrections of one event the latest stands, by their times
/// and then by the bytes of their sources and ids, in whatever order they came.
package struct Correction: Hashable, Sendable {
  package static let eventType = "usance.correction"

  package enum Action: Hashable, Sendable {
    case retract
    case amend(Amendment)
  }

  /// What is different; nil is as it was.
  package struct Amendment: Hashable, Sendable {
    package let time: Instant?
    package let type: String?
    package let subject: String?
    package let data: JSON?
  }

  package let source: String
  package let id: String
  package let action: Action

  /// Reads the `data` of the event:
  /// `{"corrects": {"source": ..., "id": ...}, "retract": true}`, or instead of `retract`
  /// `"amend": {"time": ..., "type": ..., "subject": ..., "data": ...}` with what is different.
  package init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let target: (String, String)? = fields.required("corrects", all: Correction.target)
    let retract: Bool? = fields.optional("retract", Node.flag)
    let amendment: Amendment? = fields.optional("amend", all: Amendment.init(_:))
    if (retract == true) == (amendment != nil), fields.isValid {
      fields.refuse("retract", "a correction has either `retract`: true or `amend`")
    }
    guard fields.isValid, let target else { throw fields.failure }
    (source, id) = target
    action = amendment.map(Action.amend) ?? .retract
  }

  private static func target(_ node: Node) throws(Faults) -> (String, String) {
    var fields = try FieldReader(node)
    let source = fields.required("source", eventText)
    let id = fields.required("id", eventText)
    guard fields.isValid, let source, let id else { throw fields.failure }
    return (source, id)
  }

  fileprivate static func eventText(_ node: Node) throws(Fault) -> String {
    let text = try Node.text(node)
    guard (1...EventDraft.textBytesMax).contains(text.utf8.count),
      !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
    else { throw node.fault("a text of 1 to \(EventDraft.textBytesMax) bytes") }
    return text
  }
}

extension Correction.Amendment {
  fileprivate init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    time = fields.optional("time", Node.instant)
    type = fields.optional("type", Correction.eventText)
    subject = fields.optional("subject", Correction.eventText)
    data = fields.optional("data") { (node) throws(Fault) in node.json }
    if type == Correction.eventType {
      fields.refuse("type", "an event cannot become a correction")
    }
    guard fields.isValid else { throw fields.failure }
    guard time != nil || type != nil || subject != nil || data != nil else {
      throw Faults([node.fault("what is different: time, type, subject or data")])
    }
  }
}
