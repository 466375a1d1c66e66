import Base
import Contracts
import HTTPTypes
import Metering
import Services
import Workflow

/// What `GET /v1/usage` asks: whose usage, when, cut into which windows, and in which form.
struct UsageRequest {
  let question: UsageScopeQuery
  /// The clocks that the windows go by; nil where only the whole is asked for.
  let zone: ZoneRules?
  let format: AnswerFormat

  private static let assetsMax = 200

  private enum Window: String, CaseIterable {
    case minute, hour, day, week, month
    /// The contract's own: its months, from the first day it covers to the last.
    case period

    var size: WindowSize { WindowSize(rawValue: rawValue) ?? .month }
  }

  init(_ call: APICall) throws {
    let query = Query(call)
    format = try AnswerFormat(query, call)
    let meter = try query.required("meter", MeterKey.read)
    let scope = try UsageRequest.scope(query)
    let window: Window? = try query.optional("window", Node.word)
    let breakdown: UsageBreakdown? = try query.optional("by", Node.word)
    let contract = UsageRequest.contract(scope, call)
    guard window != .period || contract != nil && query.text("zone") == nil else {
      throw Fault(
        .invalidValue, "`window=period` goes with a `contract`, and with the zone of that")
    }
    let rules = try call.services.zones.rules(
      query.optional("zone", Node.label) ?? contract?.zone ?? ZoneRules.utc.name)
    var period = try UsageRequest.period(query, rules)
    if window == .period, let contract { period = period.intersection(contract.term(in: rules)) }
    zone = window == nil ? nil : rules
    let windows =
      try window.map {
        try Windows(of: period, $0.size, in: rules, countMax: UsageService.windowsMax)
      } ?? Windows(period)
    question = UsageScopeQuery(meter, of: scope, windows, by: breakdown)
  }

  private static func scope(_ query: Query) throws -> UsageScopeQuery.Scope {
    let scopes: [UsageScopeQuery.Scope?] = [
      try query.optional("customer", CustomerKey.read).map { .customer($0) },
      try query.optional("contract", ContractKey.read).map { .contract($0) },
      try query.optional("asset", AssetKey.read).map { .assets([$0]) },
      try query.optional("assets", assets).map { .assets($0) },
    ]
    let given = scopes.compactMap { $0 }
    guard given.count == 1 else {
      throw Fault(
        .missingField, "expected exactly one of `customer`, `contract`, `asset` and `assets`")
    }
    return given[0]
  }

  /// Keys with commas between them.
  private static func assets(_ node: Node) throws(Fault) -> Set<AssetKey> {
    let keys = try Node.text(node).split(separator: ",", omittingEmptySubsequences: false)
    guard keys.count <= assetsMax else { throw node.fault("at most \(assetsMax) assets") }
    var assets: Set<AssetKey> = []
    for key in keys { assets.insert(try AssetKey(String(key))) }
    return assets
  }

  private static func contract(_ scope: UsageScopeQuery.Scope, _ call: APICall) -> Contract? {
    guard case .contract(let key) = scope else { return nil }
    return call.services.catalogs.current.catalog.contracts[key]
  }

  private static func period(_ query: Query, _ zone: ZoneRules) throws -> Period {
    if let month = try query.optional("month", Node.month) {
      guard query.text("start") == nil, query.text("end") == nil else {
        throw Fault(.invalidValue, "expected either `month` or `start` and `end`")
      }
      return month.period(in: zone)
    }
    guard query.text("zone") == nil || query.text("window") != nil else {
      throw Fault(
        .invalidValue, "`zone` says where a `month` or a `window` is; two moments need none")
    }
    let start = try query.required("start", Node.instant)
    let end = try query.required("end", Node.instant)
    guard start < end else { throw Fault(.invalidValue, "`end` comes after `start`") }
    return Period(start: start, end: end)
  }
}
