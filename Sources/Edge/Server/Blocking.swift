import Dispatch

/// Runs work that waits for the disk on threads of its own. The few threads that serve every
/// request must never wait: one slow report would hold up the devices.
enum Blocking {
  private static let queue = DispatchQueue(
    label: "usance.blocking", attributes: .concurrent)

  static func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { waiting in
      queue.async { waiting.resume(with: Result(catching: work)) }
    }
  }
}
