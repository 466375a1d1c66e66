import Base
import Export
import Hummingbird
import Services

extension Handlers {
  /// What was earned in a month and nobody was billed for yet, contract by contract.
  static func listAccruals(_ call: APICall) throws -> Response {
    let query = Query(call)
    let format = try AnswerFormat(query, call)
    let accruals = try call.services.billing.accruals(
      query.required("month", call.month), customer: query.optional("customer", CustomerKey.read))
    let items = accruals.map(\.json)
    return format == .csv
      ? .csv(ListCSV.accruals.text(of: items)) : .json(["items": .array(items)])
  }
}

extension Accrual {
  fileprivate var json: JSON {
    .object([
      "contract": .text(contract), "customer": .text(customer), "month": .text(month),
      "currency": .text(heldBack.currency), "unbilled": earned.map { .text($0.unbilled) },
      "provisional": earned.map { .text($0.provisional) }, "heldBack": .text(heldBack),
      "reasons": fault.map {
        [["code": .string($0.code.rawValue), "detail": .string($0.detail)]]
      },
    ])
  }
}
