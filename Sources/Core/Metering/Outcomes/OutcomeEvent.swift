package import Base

/// What one event says about an outcome: `outcome` and `transition` of its data, and, in a claim,
/// the `shares` of those who brought the outcome about.
package struct OutcomeEvent: Hashable, Sendable {
  package let outcome: OutcomeKey
  package let transition: OutcomeTransition
  package let source: String
  package let id: String
  package let occurred: Instant
  package let type: String
  package let subject: String
  package let data: JSON
  /// By name; they sum to 1. Empty where nobody shares it.
  private let shares: [String: Ratio]

  /// A fault where the data does not say which outcome, or nothing known about it.
  package init(
    source: String, id: String, occurred: Instant, type: String, subject: String, data: JSON
  ) throws(Fault) {
    self.source = source
    self.id = id
    self.occurred = occurred
    self.type = type
    self.subject = subject
    self.data = data
    do throws(Fault) {
      outcome = try OutcomeEvent.member("outcome", of: data, OutcomeKey.read)
      transition = try OutcomeEvent.member("transition", of: data, Node.word)
      shares = try OutcomeEvent.shares(of: data)
    } catch {
      throw Fault(
        .unreadableValue, "the event `\(id)` of `\(source)`: \(error.pointer) \(error.detail)")
    }
  }

  /// Whose share it is; all of an outcome that nobody shares belongs to whoever asks.
  package func share(of name: String?) -> Ratio {
    guard let name, !shares.isEmpty else { return .one }
    return shares[name] ?? .zero
  }

  private static func member<Value>(
    _ name: String, of data: JSON, _ read: (Node) throws(Fault) -> Value
  ) throws(Fault) -> Value {
    guard let value = data[name] else {
      throw Fault(.missingField, "is missing", at: "/\(name)")
    }
    return try read(Node(value, at: "/\(name)"))
  }

  private static func shares(of data: JSON) throws(Fault) -> [String: Ratio] {
    guard let value = data["shares"] else { return [:] }
    guard case .object(let members) = value else {
      throw Node(value, at: "/shares").fault("an object of shares")
    }
    var shares: [String: Ratio] = [:]
    var sum = Ratio.zero
    for member in members {
      let place = "/shares" + JSON.pointerStep(member.name)
      let share = try Node.nonNegative(Node(member.value, at: place)).ratio
      shares[member.name] = share
      sum = try sum + share
    }
    guard sum == .one else {
      throw Fault(.invalidValue, "expected shares that sum to 1, not \(sum)", at: "/shares")
    }
    return shares
  }
}

extension OutcomeEvent {
  /// Where answers that are given over the API come from; nobody else may post events of it.
  package static let sourceOfAnswers = "/v1/outcomes/"

  /// Whether data of an event, as it was sent, says for a customer what became of an outcome, under
  /// whatever meter: what reads it may be agreed later. To claim one is no answer.
  package static func isAnswer(_ data: UnsafeRawBufferPointer) -> Bool {
    guard let range = JSONLookup.value(at: transitionPath, in: data) else { return false }
    let quoted = data.slice(range)
    guard quoted.first == UInt8(ascii: "\""),
      let text = try? JSON(parsing: Array(quoted)).stringValue,
      let transition = OutcomeTransition(rawValue: text)
    else { return false }
    return transition != .claim && JSONLookup.value(at: outcomePath, in: data) != nil
  }

  package static func isSourceOfAnswers(_ source: UnsafeRawBufferPointer) -> Bool {
    source.starts(with: sourceOfAnswers.utf8)
  }

  private static let transitionPath = [Array("transition".utf8)]
  private static let outcomePath = [Array("outcome".utf8)]

  /// By time, then what opens before what follows, then by the bytes of source and id: the order in
  /// which events came has no part in it.
  func precedes(_ other: OutcomeEvent) -> Bool {
    if occurred != other.occurred { return occurred < other.occurred }
    if transition != other.transition { return transition.rank < other.transition.rank }
    if !source.utf8.elementsEqual(other.source.utf8) {
      return source.utf8.lexicographicallyPrecedes(other.source.utf8)
    }
    return id.utf8.lexicographicallyPrecedes(other.id.utf8)
  }

  func isSame(as other: OutcomeEvent) -> Bool {
    occurred == other.occurred && source.utf8.elementsEqual(other.source.utf8)
      && id.utf8.elementsEqual(other.id.utf8)
  }
}
