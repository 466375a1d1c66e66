import Base
import Hummingbird
import Services
import Valuation

extension Handlers {
  /// Use, money and score of one customer, by default over the last year in which it used anything.
  static func getValueReport(_ call: APICall) throws -> Response {
    let query = Query(call)
    let from = try query.optional("from", call.month)
    let to = try query.optional("to", call.month)
    var months: ClosedRange<BillingMonth>?
    switch (from, to) {
    case (nil, nil): break
    case (let from?, let to?) where from <= to && to < from.advanced(by: ReportService.monthsMax):
      months = from...to
    default:
      throw Fault(
        .invalidValue,
        "`from` and `to` come together, in order, at most \(ReportService.monthsMax) months")
    }
    return .json(try call.services.reports.report(call.key(), months: months).json)
  }
}
