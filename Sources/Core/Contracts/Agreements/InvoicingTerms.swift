package import Base

/// When the invoices of a contract are closed, when they are due, how far back they correct
/// earlier ones, the least and the most that a whole one comes to, and whether what the customer is
/// owed waits for the next one. What is not agreed has a usual value.
package struct InvoicingTerms: Hashable, Sendable {
  /// Days behind the end of the period in which events may still come in.
  package let finaliseAfter: Int?
  /// Days from the day of finalisation to the day on which the invoice is due.
  package let paymentDays: Int?
  /// How many months back a late event is still settled; nil for all of them.
  package let correctMonths: Int?
  /// What all clauses together come to at least in a whole period, before tax; nil for any amount.
  package let minimum: Fixed?
  /// What they come to at most.
  package let maximum: Fixed?
  /// Whether a document by which the customer is owed leaves that to the next one, instead of being
  /// issued as a credit note.
  package let carryNegative: Bool

  package static let none = InvoicingTerms(
    finaliseAfter: nil, paymentDays: nil, correctMonths: nil, minimum: nil, maximum: nil,
    carryNegative: false)

  package static let finaliseAfterUsual = 5
  package static let paymentDaysUsual = 30
}

extension InvoicingTerms {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let finaliseAfter = fields.optional("finaliseAfter", Node.integer(in: 0...90))
    let paymentDays = fields.optional("paymentDays", Node.integer(in: 0...365))
    let correctMonths = fields.optional("correctMonths", Node.integer(in: 0...120))
    let minimum = fields.optional("minimum", Node.nonNegative)
    let maximum = fields.optional("maximum", Node.nonNegative)
    let carryNegative = fields.optional("carryNegative", Node.flag)
    if let minimum, let maximum, (try? maximum.ratio < minimum.ratio) ?? true {
      fields.refuse("maximum", "the most of a document is not below its least")
    }
    guard fields.isValid else { throw fields.failure }
    self.init(
      finaliseAfter: finaliseAfter, paymentDays: paymentDays, correctMonths: correctMonths,
      minimum: minimum, maximum: maximum, carryNegative: carryNegative ?? false)
  }

  var json: JSON {
    .object([
      "finaliseAfter": finaliseAfter.map { .integer($0) },
      "paymentDays": paymentDays.map { .integer($0) },
      "correctMonths": correctMonths.map { .integer($0) },
      "minimum": minimum.map { .decimal($0) },
      "maximum": maximum.map { .decimal($0) },
      "carryNegative": carryNegative ? true : nil,
    ])
  }
}
