import Dispatch
import Foundation
import Synchronization

/// One piece of work on a thread of its own, which somebody waits for later. It may wait for the
/// disk: of the threads that Dispatch shares there are as many as cores, and events need them.
final class WorkAside<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)
  private let group = DispatchGroup()

  init(_ work: @escaping @Sendable () throws -> Value) {
    group.enter()
    Thread.detachNewThread {
      let done = Result { try work() }
      self.result.withLock { $0 = done }
      self.group.leave()
    }
  }

  /// Until it is done, or has failed.
  func wait() { group.wait() }

  /// What came of it; waits until it is done.
  func value() throws -> Value {
    wait()
    return try result.withLock { try $0!.get() }
  }
}
