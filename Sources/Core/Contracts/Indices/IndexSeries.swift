package import Base

/// A price index as an office publishes it, month by month: values that come late, are revised, and
/// now and then start over on a new base.
package struct IndexSeries: Hashable, Sendable {
  /// What the office said of one month on one day.
  package struct Publication: Hashable, Sendable {
    package let month: BillingMonth
    package let published: CivilDate
    package let value: Fixed

    package init(month: BillingMonth, published: CivilDate, value: Fixed) {
      self.month = month
      self.published = published
      self.value = value
    }
  }

  /// From a month on, values stand on a new base. That month is known on both: `old` and `new` are
  /// the same prices, and `old / new` links the bases.
  package struct Rebasing: Hashable, Sendable {
    package let from: BillingMonth
    package let old: Fixed
    package let new: Fixed

    package init(from: BillingMonth, old: Fixed, new: Fixed) {
      self.from = from
      self.old = old
      self.new = new
    }
  }

  package let key: IndexSeriesKey
  package let name: String?
  /// Decimal places as published; means are rounded to them.
  package let places: Int
  /// Sorted by month, then by the day of publication; no two of a month on one day.
  package let publications: [Publication]
  /// Sorted by month.
  package let rebasings: [Rebasing]

  package static let publicationsMax = 10_000

  package init(
    key: IndexSeriesKey, name: String? = nil, places: Int, publications: [Publication],
    rebasings: [Rebasing] = []
  ) throws(Fault) {
    let sorted = publications.sorted { ($0.month, $0.published) < ($1.month, $1.published) }
    var exact: [Publication] = []
    for publication in sorted {
      if let last = exact.last, last.month == publication.month,
        last.published == publication.published
      {
        throw Fault(
          .invalidValue,
          "\(publication.month) was published twice on \(publication.published)",
          at: "/publications")
      }
      guard let value = publication.value.exactly(places: places) else {
        throw Fault(
          .invalidValue, "\(publication.value) of \(publication.month) has over \(places) places",
          at: "/publications")
      }
      exact.append(
        Publication(month: publication.month, published: publication.published, value: value))
    }
    guard zip(rebasings, rebasings.dropFirst()).allSatisfy({ $0.from < $1.from }) else {
      throw Fault(.invalidValue, "`rebasings` must be in ascending order", at: "/rebasings")
    }
    guard rebasings.allSatisfy({ $0.old.units > 0 && $0.new.units > 0 }) else {
      throw Fault(.invalidValue, "the values that link two bases are positive", at: "/rebasings")
    }
    self.key = key
    self.name = name
    self.places = places
    self.publications = exact
    self.rebasings = rebasings
  }

  /// With more publications. What was said before may be said again; other words of the same day
  /// are refused.
  package func adding(_ more: [Publication]) throws(Fault) -> IndexSeries {
    var known = publications
    for publication in more {
      let same = known.first {
        $0.month == publication.month && $0.published == publication.published
      }
      guard let same else {
        known.append(publication)
        continue
      }
      guard try same.value.ratio == publication.value.ratio else {
        throw Fault(
          .invalidValue,
          """
          \(publication.month) was published on \(publication.published) as \(same.value), \
          not \(publication.value)
          """)
      }
    }
    guard known.count <= Self.publicationsMax else {
      throw Fault(.limitExceeded, "a series has at most \(Self.publicationsMax) publications")
    }
    return try IndexSeries(
      key: key, name: name, places: places, publications: known, rebasings: rebasings)
  }
}

extension IndexSeries: CatalogDocument {
  package init(_ node: Node, key: IndexSeriesKey) throws(Faults) {
    var fields = try FieldReader(node)
    let name = fields.optional("name", Node.label)
    let places = fields.required("places", Node.integer(in: 0...9))
    let publications = fields.required(
      "publications",
      all: Node.list(of: Publication.init(_:), countMax: IndexSeries.publicationsMax))
    let rebasings = fields.optional(
      "rebasings", all: Node.list(of: Rebasing.init(_:), countMax: 100))
    guard fields.isValid, let places, let publications else { throw fields.failure }
    do throws(Fault) {
      try self.init(
        key: key, name: name, places: places, publications: publications,
        rebasings: rebasings ?? [])
    } catch {
      throw Faults([error.nested(under: node.pointer)])
    }
  }

  package var json: JSON {
    .object([
      "name": name.map(JSON.string),
      "places": .integer(places),
      "publications": .array(publications.map(\.json)),
      "rebasings": rebasings.isEmpty ? nil : .array(rebasings.map(\.json)),
    ])
  }
}

extension IndexSeries.Publication {
  package init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let month = fields.required("month", Node.month)
    let published = fields.required("published", Node.date)
    let value = fields.required("value", Node.nonNegative)
    guard fields.isValid, let month, let published, let value else { throw fields.failure }
    self.init(month: month, published: published, value: value)
  }

  package var json: JSON {
    ["month": .text(month), "published": .text(published), "value": .decimal(value)]
  }
}

extension IndexSeries.Rebasing {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let from = fields.required("from", Node.month)
    let old = fields.required("old", Node.decimal)
    let new = fields.required("new", Node.decimal)
    guard fields.isValid, let from, let old, let new else { throw fields.failure }
    self.init(from: from, old: old, new: new)
  }

  var json: JSON { ["from": .text(from), "old": .decimal(old), "new": .decimal(new)] }
}
