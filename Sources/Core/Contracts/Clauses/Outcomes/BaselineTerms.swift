package import Base

/// What a day would have used without the provider's work: a regression that was fitted once,
/// agreed by both sides, and frozen as decimals.
package struct BaselineTerms: Hashable, Sendable {
  /// What moves the use of a day, such as its heating degree days.
  package struct Driver: Hashable, Sendable {
    package let meter: MeterKey
    /// Units of the actual meter for each unit of this one.
    package let coefficient: Fixed

    package init(meter: MeterKey, coefficient: Fixed) {
      self.meter = meter
      self.coefficient = coefficient
    }
  }

  /// A change that has nothing to do with the provider's work, such as a hall that was added.
  package struct Adjustment: Hashable, Sendable {
    package let from: CivilDate
    /// The first day that it no longer holds for; nil where it stays.
    package let until: CivilDate?
    package let perDay: Fixed
    package let reason: String

    package init(from: CivilDate, until: CivilDate? = nil, perDay: Fixed, reason: String) {
      self.from = from
      self.until = until
      self.perDay = perDay
      self.reason = reason
    }
  }

  /// What a day uses whatever the drivers are.
  package let perDay: Fixed
  package let drivers: [Driver]
  package let adjustments: [Adjustment]
  /// How well the regression fits, and the most at which it is accepted.
  package let cvRMSE: Fixed?
  package let cvRMSEMax: Fixed?

  package init(
    perDay: Fixed, drivers: [Driver] = [], adjustments: [Adjustment] = [], cvRMSE: Fixed? = nil,
    cvRMSEMax: Fixed? = nil
  ) {
    self.perDay = perDay
    self.drivers = drivers
    self.adjustments = adjustments
    self.cvRMSE = cvRMSE
    self.cvRMSEMax = cvRMSEMax
  }
}

extension BaselineTerms {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let perDay = fields.required("perDay", Node.decimal)
    let drivers = fields.optional("drivers", all: Node.list(of: Driver.init(_:), countMax: 10))
    let adjustments = fields.optional(
      "adjustments", all: Node.list(of: Adjustment.init(_:), countMax: 100))
    let cvRMSE = fields.optional("cvRMSE", Node.nonNegative)
    let cvRMSEMax = fields.optional("cvRMSEMax", Node.nonNegative)
    if (cvRMSE == nil) != (cvRMSEMax == nil) {
      fields.refuse(cvRMSE == nil ? "cvRMSE" : "cvRMSEMax", "both are stated, or neither is")
    }
    guard fields.isValid, let perDay else { throw fields.failure }
    self.init(
      perDay: perDay, drivers: drivers ?? [], adjustments: adjustments ?? [], cvRMSE: cvRMSE,
      cvRMSEMax: cvRMSEMax)
  }

  var json: JSON {
    .object([
      "perDay": .decimal(perDay),
      "drivers": drivers.isEmpty ? nil : .array(drivers.map(\.json)),
      "adjustments": adjustments.isEmpty ? nil : .array(adjustments.map(\.json)),
      "cvRMSE": cvRMSE.map(JSON.decimal), "cvRMSEMax": cvRMSEMax.map(JSON.decimal),
    ])
  }
}

extension BaselineTerms.Driver {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let meter = fields.required("meter", MeterKey.read)
    let coefficient = fields.required("coefficient", Node.decimal)
    guard fields.isValid, let meter, let coefficient else { throw fields.failure }
    self.init(meter: meter, coefficient: coefficient)
  }

  var json: JSON { ["meter": .text(meter), "coefficient": .decimal(coefficient)] }
}

extension BaselineTerms.Adjustment {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let from = fields.required("from", Node.date)
    let until = fields.optional("until", Node.date)
    let perDay = fields.required("perDay", Node.decimal)
    let reason = fields.required("reason", Node.label)
    if let from, let until, until <= from {
      fields.refuse("until", "an adjustment ends after it starts")
    }
    guard fields.isValid, let from, let perDay, let reason else { throw fields.failure }
    self.init(from: from, until: until, perDay: perDay, reason: reason)
  }

  var json: JSON {
    .object([
      "from": .text(from), "until": until.map { .text($0) }, "perDay": .decimal(perDay),
      "reason": .string(reason),
    ])
  }
}
