import Base

/// A history as somebody reads it who looks for the difference, and the ways to make it shorter.
extension PeriodHistory {
  var told: String {
    let versions = terms.versions.map { terms.document($0).text }
    let assets = served.sorted { $0.key < $1.key }.map { asset, days in
      "\(asset) serves \(days.map { "\($0.lowerBound) until \($0.upperBound)" })"
    }
    return (versions + assets + usesInOrder + ["\(acts)"]).joined(separator: "\n")
  }

  private var usesInOrder: [String] {
    uses.enumerated().filter { place, _ in !dropped.contains(place) }.map { place, use in
      let time = Instant(clampingSeconds: Int64(use.time))
      let mark = use.mark.map { ", \($0)" } ?? ""
      return "\(place): \(time) \(use.subject) \(use.meter) \(use.tenths) tenths\(mark)"
    }
  }

  /// The shortest history that still differs, and how it does: greedily, what can be left out
  /// without losing the difference is left out. Itself where it does not differ.
  func shortest(
    _ difference: (PeriodHistory) async -> String?
  ) async -> (history: PeriodHistory, difference: String?) {
    guard var found = await difference(self) else { return (self, nil) }
    var history = self
    for shorten in shortenings {
      var tried = history
      shorten(&tried)
      if let still = await difference(tried) { (history, found) = (tried, still) }
    }
    return (history, found)
  }

  /// Each leaves one thing out: an act, a clause, a version, a use.
  private var shortenings: [(inout PeriodHistory) -> Void] {
    let acts = acts.indices.reversed().map { place in
      { (history: inout PeriodHistory) in
        if history.acts.indices.contains(place) { history.acts.remove(at: place) }
      }
    }
    let clauses = Set(terms.versions.flatMap { $0.clauses.map(\.key) }).sorted().map { key in
      { (history: inout PeriodHistory) in history.terms.drop(key) }
    }
    let versions = terms.versions.indices.dropFirst().reversed().map { place in
      { (history: inout PeriodHistory) in
        if history.terms.versions.indices.contains(place) {
          history.terms.versions.remove(at: place)
        }
      }
    }
    let uses = uses.indices.map { place in
      { (history: inout PeriodHistory) in _ = history.dropped.insert(place) }
    }
    return acts + clauses + versions + uses
  }
}

extension AgreedTerms {
  /// Without a clause and those that rest on it, unless nothing is left then.
  fileprivate mutating func drop(_ key: String) {
    var left = versions
    for place in left.indices {
      left[place].clauses.removeAll { $0.key == key || $0.rests.contains(key) }
    }
    if left.allSatisfy({ !$0.clauses.isEmpty }) { versions = left }
  }
}
