/// How long things may be.
enum LengthRules {
  static let columnsMax = 100
  static let functionLinesMax = 70
  static let sourceLinesMax = 400
  static let testLinesMax = 800
  static let sourceLinesMedianMax = 100

  static func columns(_ file: SourceFile) -> [Violation] {
    file.lines.enumerated().filter { $0.element.count > columnsMax }.map { index, line in
      Violation(file, line: index + 1, "\(line.count) columns, over \(columnsMax)")
    }
  }

  static func functions(_ file: SourceFile) -> [Violation] {
    FunctionSpan.all(in: file.code).filter { $0.lineCount > functionLinesMax }.map {
      Violation(
        file, line: $0.line, "a function of \($0.lineCount) lines, over \(functionLinesMax)")
    }
  }

  static func lines(_ file: SourceFile) -> [Violation] {
    let linesMax = file.path.hasPrefix("Tests/") ? testLinesMax : sourceLinesMax
    guard file.lines.count > linesMax else { return [] }
    return [Violation(file, "\(file.lines.count) lines, over \(linesMax)")]
  }

  /// The lower one of the two in the middle.
  static func medianLines(of files: [SourceFile]) -> Int {
    guard !files.isEmpty else { return 0 }
    return files.map(\.lines.count).sorted()[(files.count - 1) / 2]
  }
}

/// A function, initialiser or subscript that has a body.
struct FunctionSpan {
  /// Of the keyword.
  let line: Int
  /// From the keyword to the closing brace.
  let lineCount: Int

  private static let keywords: Set = ["func", "init", "deinit", "subscript"]
  /// Words that begin another declaration: what came before them had no body.
  private static let beginnings = keywords.union(["var", "let", "case", "associatedtype"])

  /// `code` has been through `SwiftCode.blanking`, so that every brace in it is a brace.
  static func all(in code: String) -> [FunctionSpan] {
    var spans: [FunctionSpan] = []
    let tokens = Token.all(in: code)
    for (index, token) in tokens.enumerated() where keywords.contains(token.text) {
      let isCalled = index > 0 && tokens[index - 1].text == "."
      guard !isCalled, let end = bodyEnd(tokens[(index + 1)...]) else { continue }
      spans.append(FunctionSpan(line: token.line, lineCount: end - token.line + 1))
    }
    return spans
  }

  /// The line of the brace that closes the first body, looking from behind the keyword.
  private static func bodyEnd(_ tokens: ArraySlice<Token>) -> Int? {
    var (parentheses, braces) = (0, 0)
    for token in tokens {
      switch token.text {
      case "(", "[": parentheses += 1
      case ")", "]": parentheses -= 1
      case "{": braces += parentheses == 0 || braces > 0 ? 1 : 0
      case "}" where braces == 0 && parentheses == 0: return nil
      case "}" where braces > 0:
        braces -= 1
        if braces == 0 { return token.line }
      case let word where braces == 0 && parentheses == 0 && beginnings.contains(word): return nil
      default: break
      }
    }
    return nil
  }
}

/// A word or a single sign of code, and the line it stands on.
private struct Token {
  let text: String
  let line: Int

  static func all(in code: String) -> [Token] {
    var tokens: [Token] = []
    var line = 1
    var word: [UInt8] = []
    for byte in Array(code.utf8) + [UInt8(ascii: "\n")] {
      if SwiftCode.isLetter(byte) {
        word.append(byte)
        continue
      }
      if !word.isEmpty {
        tokens.append(Token(text: String(decoding: word, as: UTF8.self), line: line))
        word = []
      }
      switch byte {
      case UInt8(ascii: "\n"): line += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
      default: tokens.append(Token(text: String(UnicodeScalar(byte)), line: line))
      }
    }
    return tokens
  }
}
