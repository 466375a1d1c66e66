package import Base
package import Contracts

/// A part of a period in which a clause says the same.
package struct ClauseSegment: Sendable {
  /// Nil where the contract is without the clause for a while.
  package let terms: (any ClauseTerms)?
  /// The day from which it holds; nil for the start of the period.
  package let from: CivilDate?

  package init(_ terms: (any ClauseTerms)?, from: CivilDate?) {
    self.terms = terms
    self.from = from
  }
}

/// The same by the terms of a kind, with what names its lines and knows its time.
struct Segment<Terms: ClauseTerms> {
  let terms: Terms
  let scope: ClauseScope

  /// With other terms, such as the price of one group.
  func with<Other: ClauseTerms>(_ other: Other) -> Segment<Other> {
    Segment<Other>(terms: other, scope: scope)
  }
}

extension ClauseScope {
  /// All segments of the period; `terms` throughout where nothing else is said.
  func allSegments<Terms: ClauseTerms>(_ terms: Terms) -> [Segment<Terms>] {
    guard !segments.isEmpty else { return [Segment(terms: terms, scope: self)] }
    return segments.indices.compactMap { place in
      let next = place + 1 < segments.count ? segments[place + 1].from : nil
      guard let terms = segments[place].terms as? Terms else { return nil }
      return Segment(terms: terms, scope: part(from: segments[place].from, until: next))
    }
  }

  /// Those of which something has passed, as far as it has.
  func segmentsPassed<Terms: ClauseTerms>(_ terms: Terms) -> [Segment<Terms>] {
    guard segments.count > 1 else { return allSegments(terms) }
    return allSegments(terms).filter { !$0.scope.windows.period.isEmpty }
  }

  /// In which the usage of the period is asked for: all of it, cut where the clause says something
  /// else and where what has passed ends.
  var usageWindows: Windows { usageWindows(in: windows.inForce) }

  /// The same of a part of it.
  func usageWindows(in time: Period) -> Windows {
    Windows(bounds: time.isEmpty ? [time.start] : [time.start] + cuts(in: time) + [time.end])
  }

  /// Where they are cut.
  func cuts(in time: Period) -> [Instant] {
    let days = segments.compactMap(\.from) + [windows.cut].compactMap(\.self)
    return Set(days.map(windows.zone.startOfDay)).sorted().filter {
      time.start < $0 && $0 < time.end
    }
  }

  /// Whether the contract has the clause at a moment of the period.
  func holds(at moment: Instant) -> Bool {
    let day = windows.zone.date(at: moment)
    let segment = segments.last { $0.from.map { $0 <= day } ?? true }
    return segment.map { $0.terms != nil } ?? true
  }
}
