package import ArgumentParser
import Foundation

/// How a program of ours reads its command line, runs the command, and ends.
package enum Invocation {
  /// `check` is called once the command line has been understood, before anything is done. What
  /// does not wait stays on the first thread: its stack is the largest, and valgrind fails where
  /// that thread has been left.
  @MainActor
  package static func run<Root: ParsableCommand>(
    _ root: Root.Type, check: () throws -> Void = {}
  ) async {
    // Whoever reads our output may stop reading; that must not kill us in the middle of a write.
    signal(SIGPIPE, SIG_IGN)
    // What we write (events, keys, invoices) is for the account we run under, and nobody else.
    umask(0o077)
    do {
      var command = try Root.parseAsRoot()
      try check()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      guard let refusal = CommandRefusal(explaining: error) else { Root.exit(withError: error) }
      Output.complain(refusal.detail)
      exit(refusal.status)
    }
  }
}
