import Dispatch
import Synchronization

@testable import Server

/// Work that keeps its thread until the test lets it go.
final class HeldWork: Sendable {
  /// More than any test has threads.
  private static let threadsMax = 100

  private let gate = DispatchSemaphore(value: 0)
  private let begun = Mutex(0)

  var begunCount: Int { begun.withLock { $0 } }

  @Sendable func work() {
    begin()
    gate.wait()
  }

  /// Takes all threads of a kind.
  func take(
    _ kind: BlockingPool.Kind, of pool: BlockingPool,
    _ tasks: inout ThrowingTaskGroup<Void, any Error>
  ) async {
    let threads = kind.bounds.threads
    for _ in 0..<threads { tasks.addTask { try await pool.run(kind, self.work) } }
    await waitUntilBegun(threads)
  }

  func begin() { begun.withLock { $0 += 1 } }

  func waitUntilBegun(_ count: Int) async {
    while begunCount < count { try? await Task.sleep(for: .milliseconds(5)) }
  }

  /// Lets go of all there is.
  func end() {
    for _ in 0..<Self.threadsMax { gate.signal() }
  }
}
