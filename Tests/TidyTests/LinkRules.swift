/// A link in a document leads to a file that is there.
enum LinkRules {
  /// Of the links to other files of the package; their anchors are left alone.
  static func links(_ file: SourceFile, _ paths: Set<String>) -> [Violation] {
    targets(in: file.text).compactMap { line, target in
      let path = resolved(target, from: file.path)
      let isThere = paths.contains(path) || paths.contains { $0.hasPrefix("\(path)/") }
      return isThere ? nil : Violation(file, line: line, "`\(target)` leads nowhere")
    }
  }

  private static func targets(in text: String) -> [(line: Int, target: String)] {
    var isCode = false
    return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap {
      place, line -> [(line: Int, target: String)] in
      if line.hasPrefix("```") { isCode.toggle() }
      guard !isCode else { return [] }
      return line.split(separator: "](", omittingEmptySubsequences: false).dropFirst()
        .compactMap { part in
          let target = part.prefix { $0 != ")" && $0 != "#" && $0 != " " }
          let isElsewhere = target.isEmpty || target.contains("://") || target.hasPrefix("mailto:")
          return isElsewhere ? nil : (place + 1, String(target))
        }
    }
  }

  private static func resolved(_ target: String, from path: String) -> String {
    var steps = path.split(separator: "/").dropLast()
    for step in target.split(separator: "/") where step != "." {
      if step == ".." { steps = steps.dropLast() } else { steps.append(step) }
    }
    return steps.joined(separator: "/")
  }
}
