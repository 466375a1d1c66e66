package import Base

/// Tells work that reads for long that nobody waits for its result any more.
///
/// Whoever runs the work binds one to it as `current`, with a question that is asked from many
/// threads. An engine asks it while it reads, and loops between reads ask it through `check`. What
/// writes is never interrupted: it ends as a whole, or is rolled back for a reason of its own.
package final class Interruption: Sendable {
  /// An object, for the optimiser breaks a task-local function (Swift 6.3).
  @TaskLocal package static var current: Interruption?

  private let question: @Sendable () -> Bool

  /// `question` says whether nobody waits any more.
  package init(_ question: @escaping @Sendable () -> Bool) { self.question = question }

  /// Whether the work of this thread was interrupted.
  package static var isRaised: Bool { current?.question() ?? false }

  /// Throws what an interrupted read throws, if the work of this thread was interrupted.
  package static func check() throws(Fault) {
    guard !isRaised else { throw fault }
  }

  package static let fault = Fault(.deadlineExceeded, "nobody waits for the result any more")
}
