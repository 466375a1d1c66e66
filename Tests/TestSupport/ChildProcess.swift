package import Foundation

/// A program started by a test, with its output in files. It does not outlive this value: whatever
/// it has started itself shares its process group, and is killed with it.
package final class ChildProcess {
  package enum Ending: Equatable {
    case exit(Int32)
    case signal(Int32)
  }

  package struct CannotStart: Error {
    let program: String
    let reason: String
  }

  package let identifier: pid_t
  private var ending: Ending?

  /// `variables` are added to those of this process.
  package init(
    _ program: String, _ arguments: [String], output: String, errors: String,
    variables: [String: String] = [:]
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, flags, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var variables: [UnsafeMutablePointer<CChar>?] =
      BuiltBinary.environment.merging(variables) { $1 }.map { strdup("\($0.key)=\($0.value)") }
      + [nil]
    defer { for variable in variables { free(variable) } }
    var identifier: pid_t = 0
    let failure = posix_spawnp(&identifier, program, &actions, &attributes, &words, &variables)
    guard failure == 0 else {
      throw CannotStart(program: program, reason: String(cString: strerror(failure)))
    }
    self.identifier = identifier
  }

  deinit {
    kill(-identifier, SIGKILL)
    _ = wait(secondsMax: 10)
  }

  package func send(_ signal: Int32) { if ending == nil { kill(identifier, signal) } }

  /// How it ended; nil where it is still running after that long.
  package func wait(secondsMax: Double) -> Ending? {
    let deadline = ContinuousClock.now + .seconds(secondsMax)
    while ending == nil {
      var status: Int32 = 0
      if waitpid(identifier, &status, WNOHANG) == identifier {
        ending = status & 0x7F == 0 ? .exit(status >> 8 & 0xFF) : .signal(status & 0x7F)
      } else if ContinuousClock.now >= deadline {
        return nil
      } else {
        usleep(1000)
      }
    }
    return ending
  }
}
