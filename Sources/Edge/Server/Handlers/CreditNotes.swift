import Base
import Export
import HTTPTypes
import Hummingbird
import Services
import Settlement
import Workflow

extension Handlers {
  /// Takes back a final invoice, whole or line by line.
  static func creditInvoice(_ call: APICall) async throws -> Response {
    let key: InvoiceKey = try call.key()
    return try await IdempotentRequest(call).perform { document, books in
      var fields = try FieldReader(document)
      let reason = fields.required("reason", Node.label)
      let lines = fields.optional(
        "lines", all: Node.list(of: CreditNote.Part.init(_:), countMax: 1000))
      guard fields.isValid, let reason else { throw fields.failure }
      let note = try call.services.settlement.credit(key, lines, reason: reason, books)
      return IdempotentResponse(try note.json(), status: 201)
    }
  }

  /// Takes a credit note back that was issued in error.
  static func voidCreditNote(_ call: APICall) async throws -> Response {
    let number = try call.creditNoteNumber()
    return try await IdempotentRequest(call).perform { document, books in
      let reason = try IdempotentRequest.reason(document)
      let note = try call.services.settlement.voidCreditNote(number, reason: reason, books)
      return IdempotentResponse(try note.json())
    }
  }

  static func getCreditNote(_ call: APICall) throws -> Response {
    try .json(call.services.settlement.creditNote(call.creditNoteNumber()).json())
  }

  static func listCreditNotes(_ call: APICall) throws -> Response {
    let query = Query(call)
    let (page, format) = (try Page(query), try AnswerFormat(query, call))
    let notes = try call.services.settlement.creditNotes(
      number: query.optional("number", InvoiceNumber.read),
      invoice: query.optional("invoice", InvoiceKey.read),
      customer: query.optional("customer", CustomerKey.read),
      after: Int(page.number()), limit: page.limit)
    return try page.answer(
      notes, call, as: format, in: .creditNotes, position: { String($0.number.sequence) }
    ) { try $0.json() }
  }

  /// Agrees on an amount for a month: the next run of it includes it.
  static func adjust(_ call: APICall) async throws -> Response {
    try await IdempotentRequest(call).perform { document, books in
      let desk = call.services.settlement
      let kept = try desk.adjust(try desk.adjustment(document, books), books)
      return IdempotentResponse(kept.json, status: 201)
    }
  }

  /// Takes an adjustment back that no final invoice has.
  static func withdrawAdjustment(_ call: APICall) async throws -> Response {
    guard let number = call.parameters.get("number").flatMap({ Int($0) }) else {
      throw Fault(.notFound, "there is no such adjustment")
    }
    return try await IdempotentRequest(call).perform { document, books in
      let reason = try IdempotentRequest.reason(document)
      return IdempotentResponse(
        try call.services.settlement.withdrawAdjustment(number, reason: reason, books).json)
    }
  }

  /// The adjustments, those that were taken back among them.
  static func listAdjustments(_ call: APICall) throws -> Response {
    let query = Query(call)
    let (page, format) = (try Page(query), try AnswerFormat(query, call))
    let adjustments = try call.services.settlement.adjustments(
      contract: query.optional("contract", ContractKey.read),
      month: query.optional("month", Node.month),
      after: Int(page.number()), limit: page.limit)
    return try page.answer(
      adjustments, call, as: format, in: .adjustments, position: { String($0.number) }
    ) { $0.json }
  }

  /// The ledger, entry by entry.
  static func listLedger(_ call: APICall) throws -> Response {
    let query = Query(call)
    let (page, format) = (try Page(query), try AnswerFormat(query, call))
    let entries = try call.services.settlement.ledger(
      LedgerQuery(
        invoice: query.optional("invoice", InvoiceKey.read),
        customer: query.optional("customer", CustomerKey.read),
        after: page.number(), limit: page.limit))
    return try page.answer(
      entries, call, as: format, in: .ledger, position: { String($0.sequence) }
    ) { try $0.json() }
  }
}

extension CreditNote.Part {
  fileprivate init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let line = fields.required("line", Node.lineKey)
    let amount = fields.required("amount", Node.decimal)
    guard fields.isValid, let line, let amount else { throw fields.failure }
    self.init(line: line, amount: amount)
  }
}

extension APICall {
  /// The number of a credit note in the path; what is none names none.
  fileprivate func creditNoteNumber() throws -> InvoiceNumber {
    guard let text = parameters.get("number"), let number = try? InvoiceNumber(text) else {
      throw Fault(.notFound, "there is no such credit note")
    }
    return number
  }
}

extension StoredCreditNote {
  fileprivate func json() throws -> JSON {
    .object([
      "number": .text(number), "invoice": .text(invoice), "issued": .text(issued),
      "currency": .text(total.currency), "total": .text(total),
      "sha256": .string(Digest(of: document.utf8).hex),
      "voidedBy": try reversal.map { try $0.json() },
      "document": try JSON(parsing: Array(document.utf8)),
    ])
  }
}

extension StoredCreditNote.Reversal {
  fileprivate func json() throws -> JSON {
    [
      "number": .text(number), "issued": .text(issued), "total": .text(total),
      "sha256": .string(Digest(of: document.utf8).hex),
      "document": try JSON(parsing: Array(document.utf8)),
    ]
  }
}

extension StoredAdjustment {
  fileprivate var json: JSON {
    .object([
      "number": .integer(number), "contract": .text(contract), "month": .text(month),
      "kind": .string(kind.rawValue), "clause": clause.map(JSON.string),
      "currency": .text(amount.currency), "amount": .text(amount), "reason": .string(reason),
      "at": .text(author.at), "by": .string(author.name),
      "withdrawn": withdrawn.map { back in
        .object([
          "at": .text(back.at), "by": .string(back.name), "reason": back.reason.map(JSON.string),
        ])
      },
    ])
  }
}

extension StoredLedgerEntry {
  fileprivate func json() throws -> JSON {
    guard case .object(let members) = try JSON(parsing: Array(body.utf8)) else { return .null }
    return .object(
      [.init("sequence", .integer(sequence))] + members + [.init("digest", .string(digest))])
  }
}
