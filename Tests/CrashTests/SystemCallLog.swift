import Foundation

/// What `strace -f -y` wrote down, as entries into and returns from system calls, in order.
struct SystemCallLog {
  struct Call {
    let name: String
    /// Everything between the parentheses; files stand there as `12</path>`.
    var arguments: String
    /// Positions among all entries and returns of the log.
    let entered: Int
    var returned: Int?
    var result: String?
  }

  private(set) var calls: [Call] = []

  /// Lines begin with a process number; a call that others interrupt stands on two lines, the first
  /// with `<unfinished ...>`, the second with `<... name resumed>`.
  init(_ text: String) {
    var open: [Substring: Int] = [:]
    for (position, line) in text.split(separator: "\n").enumerated() {
      guard let space = line.firstIndex(of: " ") else { continue }
      let thread = line[..<space]
      let rest = line[space...].drop { $0 == " " }
      if rest.hasPrefix("<... ") {
        guard let place = open.removeValue(forKey: thread),
          let end = rest.range(of: " resumed>")
        else { continue }
        calls[place].returned = position
        calls[place].arguments += rest[end.upperBound...]
        calls[place].result = SystemCallLog.result(of: rest)
      } else if let parenthesis = rest.firstIndex(of: "("), !rest.hasPrefix("+++") {
        let isWhole = !rest.hasSuffix("<unfinished ...>")
        if !isWhole { open[thread] = calls.count }
        calls.append(
          Call(
            name: String(rest[..<parenthesis]),
            arguments: String(rest[rest.index(after: parenthesis)...]), entered: position,
            returned: isWhole ? position : nil, result: isWhole ? Self.result(of: rest) : nil))
      }
    }
  }

  /// What stands behind the last ` = `.
  private static func result(of line: Substring) -> String? {
    line.range(of: " = ", options: .backwards).map { String(line[$0.upperBound...]) }
  }
}

/// Holds each acknowledgement against what was on disk when it was sent.
struct AcknowledgementProof {
  private(set) var answerCount = 0
  private(set) var syncCount = 0
  private(set) var complaints: [String] = []

  /// Answers to single posts, sent one after the other: each has a write to the write-ahead log of
  /// its own, and a sync that began after the last such write had returned, and returned itself
  /// before the answer was handed to the socket.
  init(_ log: SystemCallLog) {
    var previousAnswer = -1
    for answer in log.calls where Self.isAcknowledgement(answer) {
      answerCount += 1
      let writes = log.calls.filter {
        Self.isLogWrite($0) && previousAnswer < $0.entered && $0.entered < answer.entered
      }
      let written = writes.map { $0.returned ?? .max }.max()
      let syncs = log.calls.filter {
        Self.isLogSync($0) && previousAnswer < $0.entered
          && ($0.returned ?? .max) < answer.entered
      }
      syncCount += syncs.count
      if let written {
        if !syncs.contains(where: { $0.entered > written }) {
          complaints.append("answer \(answerCount): its events were not synced before it")
        }
      } else {
        complaints.append("answer \(answerCount): nothing was written before it")
      }
      previousAnswer = answer.entered
    }
  }

  private static func isAcknowledgement(_ call: SystemCallLog.Call) -> Bool {
    ["write", "writev", "sendto", "sendmsg"].contains(call.name)
      && (call.arguments.contains("HTTP/1.1 204")
        || call.arguments.contains("HTTP/1.1 200") && call.arguments.contains("accepted"))
  }

  private static func isLogWrite(_ call: SystemCallLog.Call) -> Bool {
    ["write", "writev", "pwrite64"].contains(call.name) && call.arguments.isAboutLog
  }

  private static func isLogSync(_ call: SystemCallLog.Call) -> Bool {
    ["fdatasync", "fsync"].contains(call.name) && call.arguments.isAboutLog
      && call.result == "0"
  }
}

extension String {
  /// Whether the first argument is the write-ahead log.
  fileprivate var isAboutLog: Bool {
    firstIndex(of: ">").map { self[..<$0].hasSuffix("/usance.db-wal") } ?? false
  }
}
