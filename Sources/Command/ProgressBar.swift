import Foundation

/// A bar on standard error, where a person looks at it; nothing where a program does.
struct ProgressBar {
  private let label: String
  private let total: Int
  private let isShown: Bool
  private var shownPercent = -1

  init(_ label: String, total: Int) {
    self.label = label
    self.total = max(total, 1)
    isShown = isatty(STDERR_FILENO) == 1
  }

  mutating func show(_ done: Int) {
    let percent = done * 100 / total
    guard isShown, percent != shownPercent else { return }
    shownPercent = percent
    let filled = String(repeating: "#", count: percent * 30 / 100)
    let empty = String(repeating: ".", count: 30 - filled.count)
    let end = done >= total ? "\n" : ""
    Output.note("\r\(label) [\(filled)\(empty)] \(percent) %  \(done) of \(total)\(end)")
  }
}
