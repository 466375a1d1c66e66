import Base
import Export
import HTTPTypes
import Hummingbird
import Settlement
import Storage

extension Handlers {
  static func listInvoices(_ call: Call) throws -> Response {
    let query = try Query(call, allowing: "customer", "month", "status", "cursor", "limit")
    let page = try Page(query)
    let invoices = try call.services.invoices.list(
      customer: query.optional("customer", CustomerKey.read),
      month: query.optional("month", Node.month), status: query.optional("status", Node.word),
      after: page.position { try? InvoiceKey($0) }, limit: page.limit)
    return try page.answer(invoices, call, position: \.key.text) { .object($0.envelope) }
  }

  /// The whole invoice as JSON, or its lines as CSV where the caller asks for text/csv.
  static func getInvoice(_ call: Call) throws -> Response {
    let invoice = try call.services.invoices.get(call.key())
    let document = try JSON(parsing: Array(invoice.document.utf8))
    if MediaTypeName(call.header(.accept)) == "text/csv" {
      return .bytes(InvoiceCSV.lines(of: document).utf8, type: "text/csv; charset=utf-8")
    }
    return .json(invoice.json(document))
  }

  /// Gives the invoice its number. Doing it again answers the same.
  static func finaliseInvoice(_ call: Call) throws -> Response {
    let invoice = try call.services.invoices.finalise(call.key(), now: call.now)
    return .json(invoice.json(try JSON(parsing: Array(invoice.document.utf8))))
  }
}

extension KeptInvoice {
  fileprivate var envelope: [JSON.Member] {
    let members: [(String, JSON?)] = [
      ("key", .text(key)), ("status", .string(status.rawValue)),
      ("number", number.map { .text($0) }), ("finalised", finalised.map { .text($0) }),
      ("customer", .text(customer)), ("month", .text(month)),
      ("currency", .text(total.currency)), ("total", .text(total)),
      ("sha256", .string(Digest(of: document.utf8).hex)),
    ]
    return members.compactMap { name, value in value.map { JSON.Member(name, $0) } }
  }

  /// Where it stands, and under `document` what was kept, unchanged: `sha256` is the digest of its
  /// bytes.
  fileprivate func json(_ document: JSON) -> JSON {
    .object(envelope + [JSON.Member("document", document)])
  }
}
