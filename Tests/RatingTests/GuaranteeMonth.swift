import Base
import Contracts
import Metering
import Rating

/// A month of one asset under a guarantee, rated from what was said of it.
struct GuaranteeMonth {
  static let month = BillingMonth(year: 2013, month: 4)!
  static let period = month.period(in: .utc)
  static let base = Money(minor: 1_000_000, try! Currency("EUR"))

  var terms: AvailabilityGuaranteeTerms
  var windows = RatingWindows(month, term: .always, zone: .utc)

  static func terms(
    quota: Int? = nil, outage: Int? = nil, rectification: Int? = nil,
    unknown: UnknownPolicy = .exclude, hours: ServiceHours? = nil
  ) throws -> AvailabilityGuaranteeTerms {
    try AvailabilityGuaranteeTerms(
      .states(
        StateGuarantee(
          MeterKey("state"), serviceHours: hours, plannedQuotaSeconds: quota,
          minimumOutageSeconds: outage, rectificationSeconds: rectification, unknown: unknown)),
      bands: CreditBands([
        .init(atLeast: Fixed("99"), percent: Fixed("0")),
        .init(atLeast: Fixed("90"), percent: Fixed("10")),
        .init(atLeast: nil, percent: Fixed("30")),
      ]), coverageMin: Fixed("0"))
  }

  func rated(_ said: [StateInterval]) throws -> RatedClause {
    let scope = ClauseScope(
      "availability", fleet: [try AssetKey("engine")], in: Self.base.currency, windows)
    let request = terms.requests(scope)[0]
    let meter = MeterDefinition(
      key: request.meter, eventTypes: ["state"],
      aggregation: .stateTime(
        StateTerms(try DataPointer("/is"), heartbeatTimeoutSeconds: 60, rules: [])),
      unit: MeasureUnit("h"))
    let timeline = StateTimeline(said, in: request.windows.period)
    var times = timeline.times
    times.timelines = [timeline]
    let series = UsageSeries(meter, [Usage(Tally(count: 1), .states(times))])
    let table = UsageTable([request: UsageResult(series, parts: [.init("engine", series)])])
    var inputs = RatingInputs(
      RatedMonth(Self.month, windows.period, in: Self.base.currency), usage: table)
    let fee = ClauseScope("fee", in: Self.base.currency, windows)
    try inputs.add(
      RatedClause([
        try FlatFee(FlatFeeTerms(amount: Self.base.fixed, isProrated: false), fee).line()
      ]), fee)
    return try terms.rate(scope, inputs)
  }
}
