import Base
import Hummingbird
import Storage

extension Handlers {
  /// What was earned in a month and nobody was billed for yet, contract by contract.
  static func listAccruals(_ call: Call) throws -> Response {
    let query = try Query(call, allowing: "month", "customer")
    let accruals = try call.services.billing.accruals(
      query.required("month", Node.month), customer: query.optional("customer", CustomerKey.read))
    return .json(["items": .array(accruals.map(\.json))])
  }
}

extension Accrual {
  fileprivate var json: JSON {
    [
      "contract": .text(contract), "customer": .text(customer), "month": .text(month),
      "currency": .text(unbilled.currency), "unbilled": .text(unbilled),
      "provisional": .text(provisional), "heldBack": .text(heldBack),
    ]
  }
}
