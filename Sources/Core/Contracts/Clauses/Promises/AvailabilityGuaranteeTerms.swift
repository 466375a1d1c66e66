package import Base

/// A promised availability, and what is credited where it is missed. Formula: Rating,
/// `AvailabilityGuarantee`.
package struct AvailabilityGuaranteeTerms: ClauseTerms {
  package static var kind: String { "availabilityGuarantee" }

  /// What is measured.
  package enum Measure: Hashable, Sendable {
    /// Time in states.
    case states(StateGuarantee)
    /// What was made, and what could have been made besides, in one unit.
    case energy(actual: MeterKey, lost: MeterKey)
  }

  package let measure: Measure
  package let bands: CreditBands
  /// Below that share of known time, in per cent, nothing can be said.
  package let coverageMin: Fixed
  /// Factors on the credit of the first, second, ... month in a row below the top band; the last
  /// of them stays.
  package let repeats: [Fixed]
  /// Clauses whose usage lines the credit is a share of; none are all.
  package let base: [String]

  package static let coverageUsual = Fixed(units: 95, places: 0)

  package init(
    _ measure: Measure, bands: CreditBands, coverageMin: Fixed = coverageUsual,
    repeats: [Fixed] = [], base: [String] = []
  ) {
    self.measure = measure
    self.bands = bands
    self.coverageMin = coverageMin
    self.repeats = repeats
    self.base = base
  }

  package var stage: RatingStage { .availability }
  package var clauses: [String] { base }

  package var meters: [MeterKey] {
    switch measure {
    case .states(let terms): [terms.meter]
    case .energy(let actual, let lost): [actual, lost]
    }
  }
}

/// How time in states becomes an availability: what is left out, and what counts as what.
package struct StateGuarantee: Hashable, Sendable {
  /// It counts time in states.
  package let meter: MeterKey
  /// Nil for all hours of the week.
  package let serviceHours: ServiceHours?
  /// Of each asset and period; what is planned beyond is down. Nil where there is no limit.
  package let plannedQuotaSeconds: Int?
  /// Shorter outages are none.
  package let minimumOutageSeconds: Int?
  /// An outage that was over within so long is none; a longer one counts from its start.
  package let rectificationSeconds: Int?
  package let unknown: UnknownPolicy

  package static let secondsMax = 31 * 86_400

  package init(
    _ meter: MeterKey, serviceHours: ServiceHours? = nil, plannedQuotaSeconds: Int? = nil,
    minimumOutageSeconds: Int? = nil, rectificationSeconds: Int? = nil,
    unknown: UnknownPolicy = .exclude
  ) {
    self.meter = meter
    self.serviceHours = serviceHours
    self.plannedQuotaSeconds = plannedQuotaSeconds
    self.minimumOutageSeconds = minimumOutageSeconds
    self.rectificationSeconds = rectificationSeconds
    self.unknown = unknown
  }
}

extension AvailabilityGuaranteeTerms {
  package func summary(in currency: Currency) -> String {
    "credits of up to \(bands.bands.last!.percent) % for missed availability"
  }

  package init?(_ fields: inout FieldReader) {
    let states = StateGuarantee(&fields)
    let energy = fields.optional("energy", all: EnergyMeters.init(_:))
    let bands = fields.required("bands", all: CreditBands.init(_:))
    let coverageMin = fields.optional("coverageMin", Node.percent)
    let repeats = fields.optional("repeats", all: Node.list(each: Node.nonNegative, countMax: 12))
    let base = fields.optional("base", all: Node.clauseNames)
    if (states == nil) == (energy == nil) {
      fields.refuse("meter", "availability is of time in states (`meter`), or of `energy`")
    }
    let measure =
      states.map(Measure.states) ?? energy.map { .energy(actual: $0.actual, lost: $0.lost) }
    guard let measure, let bands else { return nil }
    self.init(
      measure, bands: bands, coverageMin: coverageMin ?? Self.coverageUsual,
      repeats: repeats ?? [], base: base ?? [])
  }

  package var members: [JSON.Member] {
    let rest: [(String, JSON?)] = [
      ("bands", bands.json), ("coverageMin", .decimal(coverageMin)),
      ("repeats", repeats.isEmpty ? nil : .array(repeats.map(JSON.decimal))),
      ("base", base.clauseNames),
    ]
    let measured: [(String, JSON?)] =
      switch measure {
      case .states(let terms): terms.members
      case .energy(let actual, let lost):
        [("energy", ["actual": .text(actual), "lost": .text(lost)])]
      }
    return (measured + rest).compactMap { name, value in value.map { JSON.Member(name, $0) } }
  }
}

extension StateGuarantee {
  /// Nil without a meter.
  fileprivate init?(_ fields: inout FieldReader) {
    let seconds = Node.integer(in: 0...Self.secondsMax)
    let meter = fields.optional("meter", MeterKey.read)
    let hours = fields.optional(
      "serviceHours", all: Node.list(of: ServiceHours.Shift.init(_:), countMax: 50))
    let quota = fields.optional("plannedQuotaSeconds", seconds)
    let outage = fields.optional("minimumOutageSeconds", seconds)
    let rectification = fields.optional("rectificationSeconds", seconds)
    let unknown: UnknownPolicy? = fields.optional("unknown", Node.word)
    guard let meter else { return nil }
    self.init(
      meter, serviceHours: hours.map { ServiceHours($0) }, plannedQuotaSeconds: quota,
      minimumOutageSeconds: outage, rectificationSeconds: rectification,
      unknown: unknown ?? .exclude)
  }

  fileprivate var members: [(String, JSON?)] {
    [
      ("meter", .text(meter)),
      ("serviceHours", serviceHours.map { .array($0.shifts.map(\.json)) }),
      ("plannedQuotaSeconds", plannedQuotaSeconds.map { .integer($0) }),
      ("minimumOutageSeconds", minimumOutageSeconds.map { .integer($0) }),
      ("rectificationSeconds", rectificationSeconds.map { .integer($0) }),
      ("unknown", .string(unknown.rawValue)),
    ]
  }
}

private struct EnergyMeters {
  let actual: MeterKey
  let lost: MeterKey

  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let actual = fields.required("actual", MeterKey.read)
    let lost = fields.required("lost", MeterKey.read)
    guard fields.isValid, let actual, let lost else { throw fields.failure }
    self.actual = actual
    self.lost = lost
  }
}
