import Glibc

/// In nanoseconds.
enum Clock {
  static var now: Int64 { read(CLOCK_MONOTONIC) }
  static var ofThisThread: Int64 { read(CLOCK_THREAD_CPUTIME_ID) }

  private static func read(_ clock: clockid_t) -> Int64 {
    // The members of `timespec` belong to whichever module the compiler met first.
    var time: (seconds: Int64, nanoseconds: Int64) = (0, 0)
    withUnsafeMutableBytes(of: &time) {
      _ = clock_gettime(clock, $0.baseAddress!.assumingMemoryBound(to: timespec.self))
    }
    return time.seconds * 1_000_000_000 + time.nanoseconds
  }
}
