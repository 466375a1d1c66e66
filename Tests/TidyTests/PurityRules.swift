/// Core is values in, values out: it has no clock, no chance, no float, no waiting and no output.
enum PurityRules {
  static let words = [
    "import Foundation", "import FoundationEssentials", "Date(", "UUID(", "Double", "Float",
    "Float16", "Float32", "Float64", "Float80", "CGFloat", "Task", "async", "await", "print(",
    "SystemRandomNumberGenerator",
  ]

  static func words(_ file: SourceFile) -> [Violation] {
    let code = file.code
    return words.flatMap { word in
      SwiftCode.lines(holding: word, in: code).map {
        Violation(file, line: $0, "`\(word)` has no place in Core")
      }
    }
  }
}
