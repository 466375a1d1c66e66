import Base
import Hummingbird
import Storage

extension Handlers {
  /// Rates a month and writes drafts. Running it again with nothing new changes nothing.
  static func runBilling(_ call: Call) async throws -> Response {
    var fields = try FieldReader(await call.document())
    let month = fields.required("month", Node.month)
    let customer = fields.optional("customer", CustomerKey.read)
    guard fields.areSound, let month else { throw fields.failure }
    let results = try await Blocking.run {
      try call.services.billing.run(month, customer: customer, now: call.now)
    }
    return .json(["month": .text(month), "results": .array(results.map(\.json))])
  }
}

extension BillingDesk.Result {
  fileprivate var json: JSON {
    .object([
      "contract": .text(contract), "customer": .text(customer),
      "outcome": .string(outcome.rawValue), "invoice": invoice.map { .text($0) },
      "total": total.map { .text($0) }, "currency": total.map { .text($0.currency) },
      "difference": difference.map { .text($0) },
      "reasons": faults.isEmpty
        ? nil
        : .array(
          faults.map { ["code": .string($0.code.rawValue), "detail": .string($0.detail)] }),
    ])
  }
}
