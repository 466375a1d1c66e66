import Base
import Synchronization

/// The bytes of bodies that are held in memory, over all connections.
///
/// Small bodies are free, so that what a device posts always gets through. Bodies of some size and
/// large ones have a share each: large ones never stand in the way of others.
final class BodyBudget: Sendable {
  /// What one body holds.
  fileprivate struct Claim {
    var bytes = 0
    /// As far as it is known: the longest it was said to be, or has become.
    var length = 0

    var isFree: Bool { length <= Limits.freeBodyBytesMax }
    var isLarge: Bool { length > Limits.mediumBodyBytesMax }
  }

  private struct Held {
    var medium = 0
    var large = 0

    mutating func add(_ claim: Claim, times factor: Int = 1) {
      guard !claim.isFree else { return }
      if claim.isLarge { large += factor * claim.bytes } else { medium += factor * claim.bytes }
    }

    var fits: Bool {
      medium <= Limits.mediumBodiesBytesMax && large <= Limits.largeBodiesBytesMax
    }
  }

  private let held = Mutex(Held())

  /// Bytes of bodies that are held, without those that are free.
  var bytesHeld: Int { held.withLock { $0.medium + $0.large } }

  /// Whether there would be room if one claim became another.
  fileprivate func hasRoom(for old: Claim, toBecome new: Claim) -> Bool {
    held.withLock { Self.changed($0, from: old, to: new) != nil }
  }

  /// Makes one claim another; false, and nothing changes, where there is no room.
  fileprivate func change(_ old: Claim, to new: Claim) -> Bool {
    held.withLock { held in
      guard let changed = Self.changed(held, from: old, to: new) else { return false }
      held = changed
      return true
    }
  }

  private static func changed(_ held: Held, from old: Claim, to new: Claim) -> Held? {
    var held = held
    held.add(old, times: -1)
    held.add(new)
    return held.fits ? held : nil
  }
}

/// What one request holds of the budget, until it is answered.
final class BodyLease: Sendable {
  private let budget: BodyBudget
  private let claim = Mutex(BodyBudget.Claim())

  init(_ budget: BodyBudget) { self.budget = budget }

  deinit { release() }

  /// Refuses a body at once if there is no room for as many bytes as it says that it has.
  func expect(bytes: Int) throws(Fault) {
    let hasRoom = claim.withLock { claim in
      claim.length = max(claim.length, bytes)
      var whole = claim
      whole.bytes = bytes
      return budget.hasRoom(for: claim, toBecome: whole)
    }
    guard hasRoom else { throw Self.refusal }
  }

  /// Holds so many bytes from now on.
  func hold(bytes: Int) throws(Fault) {
    let isHeld = claim.withLock { claim in
      let new = BodyBudget.Claim(bytes: bytes, length: max(claim.length, bytes))
      guard budget.change(claim, to: new) else { return false }
      claim = new
      return true
    }
    guard isHeld else { throw Self.refusal }
  }

  func release() {
    claim.withLock { claim in
      _ = budget.change(claim, to: .init())
      claim = .init()
    }
  }

  private static let refusal = Fault(
    .overloaded,
    "the bodies of other requests take all the memory there is for bodies of this size; send this "
      + "one later")
}
