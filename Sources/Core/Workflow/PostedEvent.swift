package import Base
import Ingestion
import Metering

/// An event as far as it matters to who may post it. The bytes are those of the request, and are
/// there for as long as it is looked at.
package struct PostedEvent {
  package enum Kind: Sendable {
    /// What was used, or what a device observed and claims.
    case usage
    /// It takes another event back, or amends it. Source and subject are then those of the other.
    case correction
    /// It says for the customer what became of an outcome.
    case answer
  }

  package let kind: Kind
  package let source: UnsafeRawBufferPointer
  package let subject: UnsafeRawBufferPointer?
}

/// Who posts the events of a request.
package struct Poster: Sendable {
  /// For the records; nil where nobody is to be named.
  package let name: String?
  /// Why an event may not be posted, with a pointer into it; nil where it may. Without it every
  /// event may be posted, and none is looked at for it.
  package let refusal: (@Sendable (PostedEvent) -> Fault?)?

  package init(name: String?, refusal: (@Sendable (PostedEvent) -> Fault?)? = nil) {
    self.name = name
    self.refusal = refusal
  }

  package static let nobody = Poster(name: nil)
}

extension Poster {
  /// Refuses an event that is not the poster's to post.
  func check(_ event: Event, of bytes: UnsafeRawBufferPointer) throws(Fault) {
    guard let refusal else { return }
    let source = bytes.slice(event.source)
    let isAnswer =
      event.data.map { OutcomeEvent.isAnswer(bytes.slice($0)) } ?? false
      || OutcomeEvent.isSourceOfAnswers(source)
    let posted = PostedEvent(
      kind: isAnswer ? .answer : .usage, source: source,
      subject: event.subject.map { bytes.slice($0) })
    if let fault = refusal(posted) { throw fault }
  }

  /// Refuses a correction: from a source, or of one, that is not the poster's, and one by which an
  /// event would come to be about another asset, or become an answer.
  func check(
    _ correction: Correction, in event: Event, of bytes: UnsafeRawBufferPointer
  ) throws(Fault) {
    guard let refusal else { return }
    func check(
      _ kind: PostedEvent.Kind, _ source: UnsafeRawBufferPointer,
      _ subject: UnsafeRawBufferPointer?, _ pointer: String? = nil
    ) throws(Fault) {
      let posted = PostedEvent(kind: kind, source: source, subject: subject)
      if let fault = refusal(posted) {
        throw pointer.map { Fault(fault.code, fault.detail, at: $0) } ?? fault
      }
    }
    // Whose the other event is, only its source says here: a token that is bound to assets knows of
    // none, and is refused.
    try check(.correction, bytes.slice(event.source), nil)
    let target = Array(correction.source.utf8)
    let fault = target.withUnsafeBytes { source -> Fault? in
      do throws(Fault) {
        try check(.correction, source, nil, "/data/corrects/source")
        if OutcomeEvent.isSourceOfAnswers(source) {
          try check(.answer, source, nil, "/data/corrects/source")
        }
        guard case .amend(let amendment) = correction.action else { return nil }
        if let data = amendment.data,
          data.bytes.withUnsafeBytes({ OutcomeEvent.isAnswer($0) })
        {
          try check(.answer, source, nil, "/data/amend/data")
        }
        return nil
      } catch {
        return error
      }
    }
    if let fault { throw fault }
  }
}
