import Base
import Hummingbird
import Metering
import Storage

extension Handlers {
  /// A meter's value for a customer or an asset: over a calendar month of a zone, or between two
  /// moments.
  static func getUsage(_ call: Call) throws -> Response {
    let query = try Query(
      call, allowing: "meter", "customer", "asset", "month", "zone", "start", "end")
    let meter = try query.required("meter", MeterKey.read)
    let period = try window(query, call)
    let customer = try query.optional("customer", CustomerKey.read)
    let asset = try query.optional("asset", AssetKey.read)
    let usage: MeteredUsage
    switch (customer, asset) {
    case (let customer?, nil):
      usage = try call.services.usage.usage(meter, customer: customer, period)
    case (nil, let asset?): usage = try call.services.usage.usage(meter, asset: asset, period)
    default: throw Fault(.missingField, "expected either `customer` or `asset`")
    }
    return .json([
      "meter": .text(usage.meter.key), "value": .decimal(usage.value),
      "unit": .string(usage.unit.name), "events": .integer(usage.usage.count),
      "start": .text(period.start), "end": .text(period.end),
    ])
  }

  private static func window(_ query: Query, _ call: Call) throws -> Period {
    if let month = try query.optional("month", Node.month) {
      guard query.text("start") == nil, query.text("end") == nil else {
        throw Fault(.invalidValue, "expected either `month` or `start` and `end`")
      }
      let zone = try query.optional("zone", Node.label) ?? "UTC"
      return month.period(in: try call.services.zones.rules(zone))
    }
    guard query.text("zone") == nil else {
      throw Fault(.invalidValue, "`zone` says where a `month` is; `start` and `end` need none")
    }
    let start = try query.required("start", Node.instant)
    let end = try query.required("end", Node.instant)
    guard start < end else { throw Fault(.invalidValue, "`end` comes after `start`") }
    return Period(start: start, end: end)
  }
}
