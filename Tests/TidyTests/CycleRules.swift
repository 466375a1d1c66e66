/// Files of a module that name each other's types in a circle can only be read together.
enum CycleRules {
  /// So many files may form one: a rule with its values and their text.
  static let filesMax = 4

  /// The circles of a module, by the types that its files name; those of more than one file.
  static func cycles(in files: [SourceFile]) -> [[String]] {
    let codes = files.map(\.code)
    var declared: [Substring: Set<Int>] = [:]
    for (place, code) in codes.enumerated() {
      for type in SwiftCode.types(in: code) { declared[type.name, default: []].insert(place) }
    }
    let links = codes.enumerated().map { place, code in
      names(in: code).reduce(into: Set<Int>()) { $0.formUnion(declared[$1] ?? []) }
        .subtracting([place])
    }
    return components(of: links).filter { $0.count > 1 }.map { places in
      places.map { files[$0].path }.sorted()
    }.sorted { $0[0] < $1[0] }
  }

  static func files(in files: [SourceFile]) -> [Violation] {
    cycles(in: files).filter { $0.count > filesMax }.map { cycle in
      Violation(
        path: cycle[0],
        "\(cycle.count) files name each other, over \(filesMax): "
          + cycle.dropFirst().joined(separator: ", "))
    }
  }

  /// The names in a file that begin like those of types.
  private static func names(in code: String) -> Set<Substring> {
    var names: Set<Substring> = []
    var start: String.Index?
    for place in code.utf8.indices {
      if SwiftCode.isLetter(code.utf8[place]) {
        if start == nil { start = place }
      } else if let from = start {
        if (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(code.utf8[from]) {
          names.insert(code[from..<place])
        }
        start = nil
      }
    }
    return names
  }

  /// The strongly connected parts of a graph. Source: Tarjan, "Depth-first search and linear graph
  /// algorithms", 1972.
  private static func components(of links: [Set<Int>]) -> [[Int]] {
    var (order, low) = ([Int?](repeating: nil, count: links.count), [Int: Int]())
    var (stack, isOnStack, found, next) = ([Int](), Set<Int>(), [[Int]](), 0)
    func visit(_ place: Int) {
      (order[place], low[place]) = (next, next)
      next += 1
      stack.append(place)
      isOnStack.insert(place)
      for other in links[place].sorted() {
        if order[other] == nil {
          visit(other)
          low[place] = min(low[place]!, low[other]!)
        } else if isOnStack.contains(other) {
          low[place] = min(low[place]!, order[other]!)
        }
      }
      guard low[place] == order[place] else { return }
      let from = stack.lastIndex(of: place)!
      found.append(Array(stack[from...]))
      isOnStack.subtract(stack[from...])
      stack.removeSubrange(from...)
    }
    for place in links.indices where order[place] == nil { visit(place) }
    return found
  }
}
