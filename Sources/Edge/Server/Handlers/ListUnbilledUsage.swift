import Base
import Contracts
import Hummingbird
import Metering
import Services

extension Handlers {
  /// What meters showed in a month and nobody is billed for: no contract, no clause, no such asset.
  static func listUnbilledUsage(_ call: APICall) throws -> Response {
    let query = Query(call)
    let page = try Page(query)
    let after = Int(try page.number())
    let found = try call.services.usage.unbilled(
      query.required("month", call.month), customer: query.optional("customer", CustomerKey.read))
    let items = Array(found.enumerated().dropFirst(after).prefix(page.limit))
    return try page.answer(items, call, position: { String($0.offset + 1) }) { $0.element.json }
  }
}

extension UnbilledUsage {
  fileprivate var json: JSON {
    .object([
      "meter": .text(usage.meter.key), "subject": .string(subject), "month": .text(month),
      "customer": customer.map { .text($0) }, "contract": contract.map { .text($0) },
      "value": usage.value.json, "unit": .string(usage.unit.name),
      "events": .integer(Int(usage.usage.count)), "reason": .string(reason.rawValue),
    ])
  }
}
