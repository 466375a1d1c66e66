package import Base

/// A dated agreement: which clauses price what a customer's assets do, in which currency, on whose
/// calendar.
package struct Contract: Hashable, Sendable {
  package let key: ContractKey
  package let customer: CustomerKey
  package let currency: Currency
  /// IANA name of the zone whose midnights bound the billing periods.
  package let zone: String
  package let billing: BillingCycle
  package let from: CivilDate
  /// The first day that is no longer covered.
  package private(set) var until: CivilDate?
  /// The day from which this version's terms hold; within a month they split it.
  package private(set) var effective: CivilDate
  /// Whether events about the customer itself count, beside those about its assets.
  package let customerEvents: Bool
  /// The places that assets may fill one at a time.
  package let slots: [String]
  package let clauses: [Clause]
  package let value: ValueTerms?
  /// What readers of its figures must know first.
  package let note: String?
  package let taxes: [TaxTerms]
  package let invoicing: InvoicingTerms
  package let review: ReviewTerms
  /// What falls on the clauses of earlier versions that this one is without, by their keys: their
  /// last lines may be still to come.
  private(set) var formerTaxes: [String: FormerTax] = [:]

  /// What the bounds of a whole document go by, where a line names its clause.
  package static let wholeDocument = "document"

  /// The same terms, in force as long as the contract is.
  var fromTheFirstDay: Contract {
    var contract = self
    contract.effective = from
    return contract
  }

  /// The same terms, as they follow another version.
  func following(_ before: Contract) -> Contract {
    var contract = self
    contract.formerTaxes = before.formerTaxes
    for clause in before.clauses {
      contract.formerTaxes[clause.key] = FormerTax(on: clause.key, of: before)
    }
    for clause in clauses { contract.formerTaxes[clause.key] = nil }
    return contract
  }

  /// The same terms with another end.
  func ending(_ until: CivilDate?) -> Contract {
    var contract = self
    contract.until = until
    return contract
  }

  /// The same terms, in force from another day on; nil where the contract does not run then.
  package func taking(effect day: CivilDate) -> Contract? {
    guard from <= day, until.map({ day <= $0 }) ?? true else { return nil }
    var contract = self
    contract.effective = day
    return contract
  }

  /// Whether nothing but the end and the day from which they hold tells two versions apart.
  package func saysTheSame(as other: Contract) -> Bool { terms == other.terms }

  private var terms: Contract {
    var contract = ending(nil).fromTheFirstDay
    contract.formerTaxes = [:]
    return contract
  }

  /// The stretch of time in which the contract is in force.
  package func term(in zone: ZoneRules) -> Period {
    Period(start: zone.startOfDay(from), end: until.map(zone.startOfDay) ?? .latest)
  }
}

/// What both sides agreed to watch beside the money: which meters tell planned from delivered use.
package struct ValueTerms: Hashable, Sendable {
  package let used: MeterKey
  package let planned: MeterKey
}

extension Contract: CatalogDocument {
  package init(_ node: Node, key: ContractKey) throws(Faults) {
    var fields = try FieldReader(node)
    let customer = fields.required("customer", CustomerKey.read)
    let currency = fields.required("currency", Node.currency)
    let zone = fields.required("zone", Node.label)
    let billing = fields.optional("billing", all: BillingCycle.init(_:))
    let from = fields.required("from", Node.date)
    let until = fields.optional("until", Node.date)
    let effective = fields.optional("effective", Node.date)
    let customerEvents = fields.optional("customerEvents", Node.flag)
    let slots = fields.optional("slots", all: Node.list(each: Node.label, countMax: 1000))
    let clauses = fields.required("clauses", all: Node.list(of: Clause.init(_:), countMax: 100))
    let value = fields.optional("value", all: ValueTerms.init(_:))
    let note = fields.optional("note", Node.label)
    let taxes = fields.optional("taxes", all: Node.list(of: TaxTerms.init(_:), countMax: 100))
    let invoicing = fields.optional("invoicing", all: InvoicingTerms.init(_:))
    let review = fields.optional("review", all: ReviewTerms.init(_:))
    if let from, let until, until <= from {
      fields.refuse("until", "a contract ends after it starts")
    }
    if let from, let effective {
      if effective < from || until.map({ effective > $0 }) ?? false {
        fields.refuse("effective", "a version takes effect while the contract runs, or as it ends")
      }
    }
    if let slots, Set(slots).count < slots.count {
      fields.refuse("slots", "two slots of a contract have the same name")
    }
    if let clauses, Set(clauses.map(\.key)).count < clauses.count {
      fields.refuse("clauses", "two clauses of a contract have the same key")
    }
    for fault in clauses?.referenceFaults ?? [] { fields.refuse(fault) }
    for fault in clauses?.spanFaults(in: billing ?? .monthly) ?? [] { fields.refuse(fault) }
    if let taxes, let clauses,
      let complaint = TaxTerms.complaint(taxes, clauses: clauses.map(\.key))
    {
      fields.refuse("taxes", complaint)
    }
    guard fields.isValid, let customer, let currency, let zone, let from, let clauses else {
      throw fields.failure
    }
    self.init(
      key: key, customer: customer, currency: currency, zone: zone,
      billing: billing ?? .monthly, from: from, until: until, effective: effective ?? from,
      customerEvents: customerEvents ?? true, slots: slots ?? [], clauses: clauses, value: value,
      note: note, taxes: taxes ?? [], invoicing: invoicing ?? .none, review: review ?? .none)
  }

  package var json: JSON {
    .object([
      "customer": .text(customer),
      "currency": .text(currency),
      "zone": .string(zone),
      "billing": billing == .monthly ? nil : billing.json,
      "from": .text(from),
      "until": until.map { .text($0) },
      "effective": effective == from ? nil : .text(effective),
      "customerEvents": customerEvents ? nil : false,
      "slots": slots.isEmpty ? nil : .array(slots.map(JSON.string)),
      "clauses": .array(clauses.map(\.json)),
      "value": value?.json,
      "note": note.map(JSON.string),
      "taxes": taxes.isEmpty ? nil : .array(taxes.map(\.json)),
      "invoicing": invoicing == .none ? nil : invoicing.json,
      "review": review == .none ? nil : review.json,
    ])
  }

  /// Every index series that its rates follow.
  package var indexSeries: Set<IndexSeriesKey> { Set(clauses.flatMap(\.indexSeries)) }
}

extension ValueTerms {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let used = fields.required("used", MeterKey.read)
    let planned = fields.required("planned", MeterKey.read)
    guard fields.isValid, let used, let planned else { throw fields.failure }
    self.init(used: used, planned: planned)
  }

  var json: JSON { ["used": .text(used), "planned": .text(planned)] }
}
