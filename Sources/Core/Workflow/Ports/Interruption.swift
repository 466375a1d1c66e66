package import Base

/// Tells work that reads for long that nobody waits for its result any more.
///
/// Whoever runs the work binds a question to it, which is asked from many threads. An engine asks
/// it while it reads, and loops between reads ask it through `check`. What writes is never
/// interrupted: it ends as a whole, or is rolled back for a reason of its own.
package enum Interruption {
  @TaskLocal package static var question: (@Sendable () -> Bool)?

  /// Whether the work of this thread was interrupted.
  package static var isRaised: Bool { question?() ?? false }

  /// Throws what an interrupted read throws, if the work of this thread was interrupted.
  package static func check() throws(Fault) {
    guard !isRaised else { throw fault }
  }

  package static let fault = Fault(.deadlineExceeded, "nobody waits for the result any more")
}
