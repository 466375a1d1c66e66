import Dispatch
import Synchronization

/// One piece of work beside the caller's, which somebody waits for later. It may wait for the
/// disk: a queue of its own has a thread of its own, while of the threads that all share there are
/// as many as cores, and events need them.
package final class WorkAside<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)
  private let group = DispatchGroup()

  package init(_ work: @escaping @Sendable () throws -> Value) {
    group.enter()
    DispatchQueue(label: "usance.aside").async {
      let done = Result { try work() }
      self.result.withLock { $0 = done }
      self.group.leave()
    }
  }

  /// Until it is done, or has failed.
  package func wait() { group.wait() }

  /// What came of it; waits until it is done.
  package func value() throws -> Value {
    wait()
    return try result.withLock { try $0!.get() }
  }
}
