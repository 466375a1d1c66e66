import Base
import HTTPTypes
import Hummingbird
import Settlement
import Storage

extension Handlers {
  /// Takes back a final invoice, whole or line by line.
  static func creditInvoice(_ call: Call) async throws -> Response {
    let key: InvoiceKey = try call.key()
    return try await MoneyPost(call).perform { document, transaction in
      var fields = try FieldReader(document)
      let reason = fields.required("reason", Node.label)
      let lines = fields.optional(
        "lines", all: Node.list(of: CreditNote.Part.init(_:), countMax: 1000))
      guard fields.areSound, let reason else { throw fields.failure }
      let note = try call.services.settlement.credit(key, lines, reason: reason, transaction)
      return KeptAnswer(try note.json(), status: 201)
    }
  }

  static func listCreditNotes(_ call: Call) throws -> Response {
    let query = try Query(call, allowing: "invoice", "cursor", "limit")
    let page = try Page(query)
    let notes = try call.services.creditNotes.list(
      invoice: query.optional("invoice", InvoiceKey.read),
      after: page.position { Int($0) } ?? 0, limit: page.limit)
    return try page.answer(notes, call, position: { String($0.number.sequence) }) {
      try $0.json()
    }
  }

  /// Agrees on an amount for a month: the next run of it includes it.
  static func adjust(_ call: Call) async throws -> Response {
    try await MoneyPost(call).perform { document, transaction in
      let desk = call.services.settlement
      let kept = try desk.adjust(try desk.adjustment(document), transaction)
      return KeptAnswer(kept.json, status: 201)
    }
  }

  /// The ledger, entry by entry.
  static func listLedger(_ call: Call) throws -> Response {
    let query = try Query(call, allowing: "invoice", "customer", "cursor", "limit")
    let page = try Page(query)
    let entries = try call.services.ledger.list(
      invoice: query.optional("invoice", InvoiceKey.read),
      customer: query.optional("customer", CustomerKey.read),
      after: page.position { Int64($0) } ?? 0, limit: page.limit)
    return try page.answer(entries, call, position: { String($0.sequence) }) { try $0.json() }
  }
}

extension CreditNote.Part {
  fileprivate init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let line = fields.required("line", Node.label)
    let amount = fields.required("amount", Node.decimal)
    guard fields.areSound, let line, let amount else { throw fields.failure }
    self.init(line: line, amount: amount)
  }
}

extension KeptCreditNote {
  fileprivate func json() throws -> JSON {
    [
      "number": .text(number), "invoice": .text(invoice), "issued": .text(issued),
      "currency": .text(total.currency), "total": .text(total),
      "sha256": .string(Digest(of: document.utf8).hex),
      "document": try JSON(parsing: Array(document.utf8)),
    ]
  }
}

extension KeptAdjustment {
  fileprivate var json: JSON {
    .object([
      "number": .integer(number), "contract": .text(contract), "month": .text(month),
      "kind": .string(kind.rawValue), "clause": clause.map(JSON.string),
      "currency": .text(amount.currency), "amount": .text(amount), "reason": .string(reason),
    ])
  }
}

extension KeptLedgerEntry {
  fileprivate func json() throws -> JSON {
    guard case .object(let members) = try JSON(parsing: Array(body.utf8)) else { return .null }
    return .object(
      [.init("sequence", .integer(sequence))] + members + [.init("digest", .string(digest))])
  }
}
