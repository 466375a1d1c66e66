import Console
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

  /// `note` stands in the place of the figures where those would say little.
  mutating func show(_ done: Int, _ note: String? = nil) {
    let done = min(done, total)
    let percent = done * 100 / total
    guard isShown, percent != shownPercent else { return }
    shownPercent = percent
    let filled = String(repeating: "#", count: percent * 30 / 100)
    let empty = String(repeating: ".", count: 30 - filled.count)
    let end = done >= total ? "\n" : ""
    let text = note ?? "\(done) of \(total)"
    // The last sign clears what is left of a longer line.
    Output.note("\r\(label) [\(filled)\(empty)] \(percent) %  \(text)\u{1B}[K\(end)")
  }
}
