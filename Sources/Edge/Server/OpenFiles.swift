import Foundation

/// How many files the process may have open. A connection is a file too: strangers must not take
/// those that the database needs.
enum OpenFiles {
  /// Asks the system for as many as are wanted, and returns how many connections fit beside the
  /// files of the service itself.
  static func connectionsMax() -> Int {
    #if os(Linux)
      let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let files = RLIMIT_NOFILE
    #endif
    var limit = rlimit()
    guard getrlimit(files, &limit) == 0 else { return Limits.connectionsMax }
    let wanted = rlim_t(Limits.connectionsMax + Limits.ownFilesMax)
    if limit.rlim_cur < min(wanted, limit.rlim_max) {
      let before = limit.rlim_cur
      limit.rlim_cur = min(wanted, limit.rlim_max)
      if setrlimit(files, &limit) != 0 { limit.rlim_cur = before }
    }
    let room = Int(clamping: limit.rlim_cur) - Limits.ownFilesMax
    return max(1, min(Limits.connectionsMax, room))
  }
}
