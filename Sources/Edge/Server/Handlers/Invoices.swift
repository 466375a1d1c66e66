import Base
import Export
import HTTPTypes
import Hummingbird
import Services
import Settlement
import Workflow

extension Handlers {
  static func listInvoices(_ call: APICall) throws -> Response {
    let query = Query(call)
    let (page, format) = (try Page(query), try AnswerFormat(query, call))
    let month = try query.optional("month", Node.month)
    let filter = InvoiceFilter(
      number: try query.optional("number", InvoiceNumber.read),
      customer: try query.optional("customer", CustomerKey.read),
      months: month.map { $0...$0 }, status: try query.optional("status", Node.word),
      isHeld: try query.flag("held"),
      payment: try query.optional("payment", Node.word),
      changedSince: try query.optional("changedSince", Node.instant))
    let invoices = try call.services.settlement.invoices(
      filter, after: page.position { try? InvoiceKey($0) }, limit: page.limit, at: call.now)
    return try page.answer(
      invoices, call, as: format, in: .invoices, position: \.key.text
    ) { .object($0.envelope(call)) }
  }

  /// The whole invoice as JSON, or its lines as CSV.
  static func getInvoice(_ call: APICall) throws -> Response {
    let format = try AnswerFormat(Query(call), call)
    let invoice = try call.services.settlement.invoice(call.key())
    let document = try invoice.statement()
    guard format == .json else { return .csv(InvoiceCSV.lines(of: document)) }
    let answer = invoice.json(document, call).bytes
    let tag = "\"\(Digest(of: answer).hex.prefix(32))\""
    guard call.header(.ifNoneMatch) != tag else {
      return Response(status: .notModified, headers: [.eTag: tag])
    }
    return .bytes(answer, type: "application/json", headers: [.eTag: tag])
  }

  /// What happened to an invoice, in order: who did what, when, and why.
  static func listInvoiceEvents(_ call: APICall) throws -> Response {
    let invoice = try call.services.settlement.invoice(call.key())
    return .json(["items": .array(try call.services.settlement.history(invoice.key))])
  }

  /// Gives the invoice its number. Doing it again answers the same.
  static func finaliseInvoice(_ call: APICall) async throws -> Response {
    let key: InvoiceKey = try call.key()
    return try await IdempotentRequest(call, mayBeEmpty: true).perform { document, books in
      var fields = try FieldReader(document)
      let early = fields.optional("early", Node.flag)
      let reason = fields.optional("reason", Node.label)
      guard fields.isValid else { throw fields.failure }
      let invoice = try call.services.billing.finalise(
        key, early: early ?? false, reason: reason, books)
      return try invoice.answer(call)
    }
  }

  /// Lets a held draft be finalised.
  static func releaseInvoice(_ call: APICall) async throws -> Response {
    let key: InvoiceKey = try call.key()
    return try await IdempotentRequest(call).perform { document, books in
      let reason = try IdempotentRequest.reason(document)
      return try call.services.settlement.release(key, reason: reason, books).answer(call)
    }
  }

  /// Takes a final invoice back as a whole.
  static func voidInvoice(_ call: APICall) async throws -> Response {
    let key: InvoiceKey = try call.key()
    return try await IdempotentRequest(call).perform { document, books in
      let reason = try IdempotentRequest.reason(document)
      return try call.services.settlement.void(key, reason: reason, books).answer(call)
    }
  }

  /// Notes that the customer disputes a line, or an amount of it.
  static func disputeLine(_ call: APICall) async throws -> Response {
    let key: InvoiceKey = try call.key()
    return try await IdempotentRequest(call).perform { document, books in
      var fields = try FieldReader(document)
      let line = fields.required("line", Node.lineKey)
      let amount = fields.optional("amount", Node.decimal)
      let reason = fields.required("reason", Node.label)
      guard fields.isValid, let line, let reason else { throw fields.failure }
      return try call.services.settlement.dispute(
        key, line: line, amount: amount, reason: reason, books
      ).answer(call)
    }
  }

  /// Ends a dispute: the line is upheld, or credited.
  static func resolveDispute(_ call: APICall) async throws -> Response {
    let key: InvoiceKey = try call.key()
    return try await IdempotentRequest(call).perform { document, books in
      var fields = try FieldReader(document)
      let line = fields.required("line", Node.lineKey)
      let resolution: InvoiceEvent.Resolution? = fields.required("resolution", Node.word)
      let amount = fields.optional("amount", Node.decimal)
      let reason = fields.required("reason", Node.label)
      guard fields.isValid, let line, let resolution, let reason else { throw fields.failure }
      return try call.services.settlement.resolve(
        key, line: line, as: resolution, amount: amount, reason: reason, books
      ).answer(call)
    }
  }
}

extension InvoiceNumber {
  /// Reads `INV-000001` out of a document.
  static func read(_ node: Node) throws(Fault) -> InvoiceNumber {
    let text = try Node.text(node)
    do throws(Fault) { return try InvoiceNumber(text) } catch {
      throw error.nested(under: node.pointer)
    }
  }
}

extension StoredInvoice {
  func envelope(_ call: APICall) -> [JSON.Member] {
    func amount(_ minor: Int64) -> JSON { .text(Money(minor: Int128(minor), total.currency)) }
    let isFinal = status == .final
    let members: [(String, JSON?)] = [
      ("key", .text(key)), ("status", .string(status.rawValue)),
      ("number", number.map { .text($0) }), ("finalised", finalised.map { .text($0) }),
      ("customer", .text(customer)), ("contract", .text(contract)), ("month", .text(month)),
      ("currency", .text(total.currency)), ("total", .text(total)),
      ("due", account.due.map { .text($0) }), ("paid", isFinal ? amount(account.paid) : nil),
      ("credited", isFinal ? amount(account.credited) : nil),
      ("disputed", isFinal ? amount(account.held) : nil), ("open", isFinal ? .text(open) : nil),
      ("overdue", isFinal ? isOverdue(call) : nil),
      ("held", status == .draft ? .bool(isHeld) : nil),
      ("reasons", reasons.isEmpty ? nil : .array(reasons.map(\.json))),
      ("sha256", .string(Digest(of: document.utf8).hex)),
    ]
    return members.compactMap { name, value in value.map { JSON.Member(name, $0) } }
  }

  private func isOverdue(_ call: APICall) -> JSON? {
    call.services.settlement.isOverdue(self, at: call.now).map { .bool($0) }
  }

  /// Where it stands, and under `document` what was kept, unchanged: `sha256` is the digest of its
  /// bytes.
  fileprivate func json(_ document: JSON, _ call: APICall) -> JSON {
    .object(envelope(call) + [JSON.Member("document", document)])
  }

  func answer(_ call: APICall, with members: [JSON.Member] = []) throws -> IdempotentResponse {
    let document = try statement()
    return IdempotentResponse(
      .object(envelope(call) + members + [.init("document", document)]))
  }
}
