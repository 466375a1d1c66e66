import Access
import Base
import Workflow

extension Poster {
  /// Whoever holds a token. One that may post every event costs nothing here.
  init(_ caller: Caller) {
    guard !caller.mayPostEveryEvent else {
      self.init(name: caller.subject)
      return
    }
    self.init(name: caller.subject) { event in caller.refusal(of: event.act) }
  }
}

extension PostedEvent {
  fileprivate var act: Act {
    let scopes =
      switch kind {
      case .usage: PostedEvent.usage
      case .correction: PostedEvent.correction
      case .answer: PostedEvent.answer
      }
    return .event(anyOf: scopes, source: source, subject: subject)
  }

  // Made once, not for each event.
  private static let usage: [TokenScope] = [.writeEvents]
  private static let correction: [TokenScope] = [.correctEvents]
  private static let answer: [TokenScope] = [.answerOutcomes]
}
