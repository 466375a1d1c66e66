package import Base

/// Yearly escalation between a floor and a cap. Formula: Rating, `Escalation`.
package struct EscalationTerms: Hashable, Sendable {
  package struct Component: Hashable, Sendable {
    package let name: String
    package let weight: Fixed
    /// Average of the index over the base window.
    package let base: Fixed
    /// The published series it follows; nil where both sides read off the averages themselves.
    package let series: IndexSeriesKey?
    /// A month whose base `base` stands on, where the series was rebased; nil for its first base.
    package let baseMonth: BillingMonth?

    package init(
      name: String, weight: Fixed, base: Fixed, series: IndexSeriesKey? = nil,
      baseMonth: BillingMonth? = nil
    ) {
      self.name = name
      self.weight = weight
      self.base = base
      self.series = series
      self.baseMonth = baseMonth
    }
  }

  /// The year that starts on `from`, with the averages both sides read off for it: one for each
  /// component that names no series, in order.
  package struct Year: Hashable, Sendable {
    package let from: CivilDate
    package let averages: [Fixed]

    package init(from: CivilDate, averages: [Fixed]) {
      self.from = from
      self.averages = averages
    }
  }

  /// The share of the rate that never moves.
  package let fixedShare: Fixed
  package let components: [Component]
  /// The months of a series that count for a year; there where a component names a series.
  package let window: IndexWindow?
  package let revisions: IndexRevisions
  /// Bounds of one year's step, `0.04` for four per cent; nil for none.
  package let floor: Fixed?
  package let cap: Fixed?
  /// Whether what the cap held back in one year may be made up in a later one.
  package let catchUp: Bool
  /// Ascending.
  package let years: [Year]

  package init(
    fixedShare: Fixed, components: [Component], window: IndexWindow? = nil,
    revisions: IndexRevisions = .first, floor: Fixed?, cap: Fixed?, catchUp: Bool, years: [Year]
  ) throws(Fault) {
    var total = try fixedShare.ratio
    for component in components {
      total = try total + component.weight.ratio
      guard component.base.units > 0 else {
        throw Fault(.invalidValue, "the base of an index is positive", at: "/components")
      }
    }
    guard total == .one else {
      throw Fault(.invalidValue, "the fixed share and the weights add up to 1", at: "/components")
    }
    guard components.allSatisfy({ $0.series != nil || $0.baseMonth == nil }) else {
      throw Fault(.invalidValue, "only a series has a month of its base", at: "/components")
    }
    guard components.allSatisfy({ $0.series == nil }) == (window == nil) else {
      throw Fault(.invalidValue, "a window goes with series, and series with one", at: "/window")
    }
    let agreed = components.count { $0.series == nil }
    guard years.allSatisfy({ $0.averages.count == agreed }) else {
      throw Fault(
        .invalidValue, "every year has one average for each component without a series",
        at: "/years")
    }
    guard zip(years, years.dropFirst()).allSatisfy({ $0.from < $1.from }) else {
      throw Fault(.invalidValue, "the years ascend", at: "/years")
    }
    if let floor, let cap, try floor.ratio > cap.ratio {
      throw Fault(.invalidValue, "the cap is not below the floor", at: "/cap")
    }
    self.fixedShare = fixedShare
    self.components = components
    self.window = window
    self.revisions = revisions
    self.floor = floor
    self.cap = cap
    self.catchUp = catchUp
    self.years = years
  }
}

extension EscalationTerms {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let fixedShare = fields.required("fixedShare", Node.nonNegative)
    let components = fields.required(
      "components", all: Node.list(of: Component.init(_:), countMax: 10))
    let window = fields.optional("window", all: IndexWindow.init(_:))
    let revisions: IndexRevisions? = fields.optional("revisions", Node.word)
    let floor = fields.optional("floor", Node.decimal)
    let cap = fields.optional("cap", Node.decimal)
    let catchUp = fields.optional("catchUp", Node.flag)
    let years = fields.required("years", all: Node.list(of: Year.init(_:), countMax: 100))
    guard fields.isValid, let fixedShare, let components, let years else { throw fields.failure }
    do throws(Fault) {
      try self.init(
        fixedShare: fixedShare, components: components, window: window,
        revisions: revisions ?? .first, floor: floor, cap: cap, catchUp: catchUp ?? false,
        years: years)
    } catch {
      throw Faults([error.nested(under: node.pointer)])
    }
  }

  var json: JSON {
    .object([
      "fixedShare": .decimal(fixedShare),
      "components": .array(components.map(\.json)),
      "window": window?.json,
      "revisions": revisions == .first ? nil : .string(revisions.rawValue),
      "floor": floor.map(JSON.decimal),
      "cap": cap.map(JSON.decimal),
      "catchUp": .bool(catchUp),
      "years": .array(years.map(\.json)),
    ])
  }
}

extension EscalationTerms.Component {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let name = fields.required("name", Node.label)
    let weight = fields.required("weight", Node.nonNegative)
    let base = fields.required("base", Node.decimal)
    let series = fields.optional("series", IndexSeriesKey.read)
    let baseMonth = fields.optional("baseMonth", Node.month)
    guard fields.isValid, let name, let weight, let base else { throw fields.failure }
    self.init(name: name, weight: weight, base: base, series: series, baseMonth: baseMonth)
  }

  var json: JSON {
    .object([
      "name": .string(name), "weight": .decimal(weight), "base": .decimal(base),
      "series": series.map { .text($0) }, "baseMonth": baseMonth.map { .text($0) },
    ])
  }
}

extension EscalationTerms.Year {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let from = fields.required("from", Node.date)
    let averages = fields.optional(
      "averages", all: Node.list(each: Node.nonNegative, countMax: 10))
    guard fields.isValid, let from else { throw fields.failure }
    self.init(from: from, averages: averages ?? [])
  }

  var json: JSON {
    .object([
      "from": .text(from),
      "averages": averages.isEmpty ? nil : .array(averages.map(JSON.decimal)),
    ])
  }
}

extension IndexWindow {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let months = fields.required("months", Node.integer(in: 1...24))
    let lag = fields.required("lag", Node.integer(in: 0...60))
    guard fields.isValid, let months, let lag else { throw fields.failure }
    self.init(months: months, lag: lag)
  }

  var json: JSON { ["months": .integer(months), "lag": .integer(lag)] }
}
