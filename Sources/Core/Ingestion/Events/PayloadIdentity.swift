import Base

/// What an event says beside its identity, to tell a repeat (the same payload again) from a
/// conflict (another payload under the same source and id).
package struct PayloadIdentity: Sendable {
  /// Type and subject as the numbers the log knows them by.
  package let type: Int64
  package let subject: Int64?
  package let occurredMicroseconds: Int64
  package let attributes: [UInt8]?
  package let data: [UInt8]?

  package init(
    type: Int64, subject: Int64?, occurredMicroseconds: Int64, attributes: [UInt8]?,
    data: [UInt8]?
  ) {
    self.type = type
    self.subject = subject
    self.occurredMicroseconds = occurredMicroseconds
    self.attributes = attributes
    self.data = data
  }

  /// Whether both say the same: JSON is compared by value, so that neither white space, nor the
  /// order of members, nor the spelling of a number (`1.50`, `15e-1`) makes a conflict of a retry.
  /// Where the sender left the time to the server, the time is no difference.
  package func isSame(as other: PayloadIdentity, ignoringTime: Bool) -> Bool {
    type == other.type && subject == other.subject
      && (ignoringTime || occurredMicroseconds == other.occurredMicroseconds)
      && PayloadIdentity.same(data, other.data)
      && PayloadIdentity.same(attributes.map(braced), other.attributes.map(braced))
  }

  private static func same(_ left: [UInt8]?, _ right: [UInt8]?) -> Bool {
    if left == right { return true }
    guard let left, let right, let first = try? JSON(parsing: left),
      let second = try? JSON(parsing: right)
    else { return false }
    // As bytes: texts of other code points are other texts, even where Swift finds them equal.
    return first.normalised.bytes == second.normalised.bytes
  }

  private func braced(_ members: [UInt8]) -> [UInt8] {
    [UInt8(ascii: "{")] + members + [UInt8(ascii: "}")]
  }
}

extension JSON {
  /// Members sorted, and each number in one spelling.
  fileprivate var normalised: JSON {
    switch self {
    case .number(let text):
      guard let number = DecimalText(text.utf8) else { return self }
      return .number("\(number.significand)e\(number.exponent)")
    case .array(let elements): return .array(elements.map(\.normalised))
    case .object(let members):
      return JSON.object(members.map { Member($0.name, $0.value.normalised) }).sorted
    default: return self
    }
  }
}
