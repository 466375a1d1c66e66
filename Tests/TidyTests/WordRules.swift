/// Words that no committed file may hold. They are written here so that this file holds none.
enum WordRules {
  /// What is not done is in the tracker, or is not promised.
  static let reminders = ["TO" + "DO", "FIX" + "ME"]

  /// Folders of one person's machine.
  static let folders = ["/wo" + "rk/", "/tmp/valu" + "ation", "/ro" + "ot/", "/Us" + "ers/"]

  static func reminders(_ file: SourceFile) -> [Violation] {
    reminders.filter(file.text.contains).flatMap { word in
      SwiftCode.lines(holding: word, in: file.text).map {
        Violation(file, line: $0, "`\(word)` left behind")
      }
    }
  }

  static func folders(_ file: SourceFile) -> [Violation] {
    folders.filter(file.text.contains).flatMap { folder in
      file.lines.indices.filter { isAbsolute(folder, file.lines[$0]) }.map {
        Violation(file, line: $0 + 1, "`\(folder)` is a folder of one machine")
      }
    }
  }

  /// Not inside a longer path or an address, such as `/v1/...`.
  private static func isAbsolute(_ folder: String, _ line: Substring) -> Bool {
    line.ranges(of: folder).contains { range in
      guard range.lowerBound > line.startIndex else { return true }
      let before = line[line.index(before: range.lowerBound)]
      return !before.isLetter && !before.isNumber && !"._-}~/".contains(before)
    }
  }
}
