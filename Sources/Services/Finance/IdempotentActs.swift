import Base
import Synchronization
import Workflow

/// Lets one request with an idempotency key be carried out at a time. The response is kept in the
/// transaction of what it answers: there is never one without the other.
final class IdempotentActs: Sendable {
  private struct Place: Hashable {
    let subject: String
    let key: String
  }

  private let underWay = Mutex<[Place: Digest]>([:])

  func once<Value>(_ key: IdempotencyKey?, _ work: () throws -> Value) throws -> Value {
    guard let key else { return try work() }
    let place = Place(subject: key.subject, key: key.key)
    let other = underWay.withLock { underWay in
      let other = underWay[place]
      if other == nil { underWay[place] = key.request }
      return other
    }
    guard other == nil else {
      throw other == key.request
        ? Fault(.requestInProgress, "the request with this key is being carried out")
        : IdempotencyKey.reused
    }
    defer { underWay.withLock { $0[place] = nil } }
    return try work()
  }
}
