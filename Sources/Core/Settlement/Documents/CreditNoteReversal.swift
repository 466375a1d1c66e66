package import Base
import Contracts

/// Takes a credit note back: a document of its own, by which the customer owes again what the note
/// gave back. The note stays as it is. Source: documents, section 1, void.
package struct CreditNoteReversal: Sendable {
  package let note: IssuedCreditNote
  package let number: InvoiceNumber
  package let reason: String
  package let total: Money
  package let document: JSON

  /// `number` is that of the note.
  package init(of note: IssuedCreditNote, _ number: InvoiceNumber, reason: String) throws {
    self.note = note
    self.number = number
    self.reason = reason
    total = try -note.total
    let document = note.document
    func negated(_ json: JSON, _ names: [String]) throws -> JSON {
      guard case .object(let members) = json else { return json }
      return .object(
        try members.compactMap { member in
          guard names.contains(member.name), let text = member.value.stringValue else {
            return member.name == "grants" || member.name == "shares" ? nil : member
          }
          let fixed = try Fixed(text)
          return .init(member.name, .decimal(Fixed(units: -fixed.units, places: fixed.places)))
        })
    }
    func list(_ name: String, _ names: [String]) throws -> JSON? {
      try document[name]?.elements.map { .array(try $0.map { try negated($0, names) }) }
    }
    self.document = .object([
      "customer": document["customer"], "contract": document["contract"],
      "creditNote": ["number": .text(number)], "invoice": document["invoice"],
      "month": document["month"], "currency": document["currency"], "reason": .string(reason),
      "lines": try list("lines", ["amount"]),
      "net": try negated(["net": document["net"] ?? .null], ["net"])["net"],
      "taxes": try list("taxes", ["base", "amount"]),
      "tax": try negated(["tax": document["tax"] ?? .null], ["tax"])["tax"],
      "total": .text(total),
    ])
  }
}
