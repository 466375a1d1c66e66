import Access
import Base
import Hummingbird
import Storage

extension Handlers {
  /// Rates a month and writes drafts; where that is asked for, it finalises those whose grace
  /// window is over. Running it again with nothing new changes nothing.
  static func runBilling(_ call: Call) async throws -> Response {
    let post = try await MoneyPost(call)
    return try await post.performInParts { document in
      var fields = try FieldReader(document)
      let month = fields.required("month", Node.month)
      let customer = fields.optional("customer", CustomerKey.read)
      let finalise = fields.optional("finalise", Node.flag) ?? false
      guard fields.areSound, let month else { throw fields.failure }
      let mayFinalise = call.caller?.scopes.contains(.finaliseInvoices) ?? false
      guard !finalise || mayFinalise else {
        throw Fault(
          .forbidden, "the token lacks the scope `\(TokenScope.finaliseInvoices.rawValue)`")
      }
      let (services, now) = (call.services, call.now)
      let results = try services.billing.run(
        month, customer: customer, now: now,
        finalise: !finalise
          ? nil
          : { key in
            _ = try services.settlement.act(by: post.name, at: now) {
              try services.settlement.finalise(key, $0)
            }
          })
      return KeptAnswer(["month": .text(month), "results": .array(results.map(\.json))])
    }
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
