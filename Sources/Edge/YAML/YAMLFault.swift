import Yams

/// A place in a text, counted from one.
package struct TextPlace: Hashable, Comparable, Sendable {
  package let line: Int
  package let column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  init(_ mark: Mark?) { self.init(line: mark?.line ?? 1, column: mark?.column ?? 1) }

  package static func < (left: TextPlace, right: TextPlace) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// Everything for which a text is not YAML that is read here, in its order; at least one thing.
package struct YAMLFaults: Error, Hashable, Sendable {
  package let list: [YAMLFault]

  init(_ list: [YAMLFault]) {
    precondition(!list.isEmpty, "faults without a fault")
    self.list = list.sorted { $0.place < $1.place }
  }
}

/// Why a text is not YAML that is read here.
package struct YAMLFault: Error, Hashable, Sendable {
  package let detail: String
  package let place: TextPlace

  init(_ detail: String, at place: TextPlace) {
    self.detail = detail
    self.place = place
  }

  init(_ error: any Error) {
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let circumstances = context.map { " \($0.text)" } ?? ""
      self.init("not YAML: \(problem)\(circumstances)", at: TextPlace(mark))
    case .duplicatedKeysInMapping(let names, let context):
      let list = names.map { "`\($0)`" }.joined(separator: ", ")
      self.init("\(list) appears twice in one object", at: TextPlace(context.mark))
    case .reader(let problem, let offset, _, let text):
      let before = text.unicodeScalars.prefix(offset ?? 0)
      let line = before.count { $0 == "\n" } + 1
      self.init("not YAML: \(problem)", at: TextPlace(line: line, column: 1))
    default: self.init("not YAML: \(error)", at: TextPlace(line: 1, column: 1))
    }
  }
}
