import Base
import Contracts
import Metering
import TestSupport
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

/// A series is what its windows are when they are asked for one by one.
struct BucketsByWindowTests {
  /// 400 events within ten days around the spring change of New York, many of them on bounds.
  private static func events(_ random: inout SeededRandom) -> [JSON] {
    let start = Instant("2013-03-05T00:00:00Z")!.secondsSinceEpoch
    return (0..<400).map { number in
      var second = start + Int64.random(in: 0..<10 * 86_400, using: &random)
      if random.chance(50) { second = second / 900 * 900 }
      return Workspace.event(
        "\(number)", seconds: Int64.random(in: 0...9999, using: &random),
        time: Instant(clampingSeconds: second).description,
        subject: ["engine", "airline"].randomElement(using: &random)!)
    }
  }

  @Test(
    "each window has the value it has alone, and together they are the whole",
    arguments: [
      "UTC", "America/New_York", "Asia/Kathmandu", "Asia/Kolkata", "America/St_Johns",
      "Australia/Eucla",
    ])
  func windows(zone name: String) async throws {
    let workspace = try Workspace()
    try workspace.agree()
    var random = SeededRandom(seed: 41)
    _ = try await workspace.post(Self.events(&random))
    let zone = try workspace.zones.rules(name)
    let period = workspace.period("2013-03-06T07:07:07Z", "2013-03-14T23:59:59.5Z")
    let scope = UsageScopeQuery.Scope.customer(try CustomerKey("airline"))
    for meter in ["time", "runs"] {
      func answer(_ windows: Windows) throws -> UsageSeries {
        try workspace.usage.answer(UsageScopeQuery(MeterKey(meter), of: scope, windows)).all
      }
      let whole = try answer(Windows(period)).whole
      #expect(whole.usage.count > 300)
      for size in [WindowSize.hour, .day, .week] {
        let windows = try Windows(of: period, size, in: zone, countMax: 1000)
        let series = try answer(windows)
        #expect(series.whole == whole, "\(size)")
        for (window, usage) in zip(windows, series.windows) {
          #expect(try answer(Windows(window)).whole == usage, "\(size) \(window.start)")
        }
      }
      let minutes = try Windows(
        of: workspace.period("2013-03-09T00:00:00Z", "2013-03-12T00:00:00Z"), .minute, in: zone,
        countMax: 5000)
      #expect(try answer(minutes).whole == answer(Windows(minutes.period)).whole)
    }
  }

  @Test("a subject's own series, and nobody's twice")
  func subjects() async throws {
    let workspace = try Workspace()
    try workspace.agree(contracts: 2)
    try workspace.put(
      .asset, "engine",
      [
        "assignments": [
          [
            "contract": "hours-1", "from": "2013-01-01T00:00:00Z",
            "until": "2013-03-10T12:34:56Z",
          ],
          ["contract": "hours-2", "from": "2013-03-10T12:34:56Z"],
        ]
      ])
    var random = SeededRandom(seed: 42)
    _ = try await workspace.post(Self.events(&random))
    let windows = try Windows(
      of: workspace.period("2013-03-01T05:00:00Z", "2013-04-01T04:00:00Z"), .day,
      in: workspace.zones.rules("America/New_York"), countMax: 31)
    func answer(_ scope: UsageScopeQuery.Scope) throws -> UsageResult {
      try workspace.usage.answer(
        UsageScopeQuery(MeterKey("runs"), of: scope, windows, by: .asset))
    }
    let customer = try answer(.customer(CustomerKey("airline")))
    #expect(customer.all.whole.usage.count == 400)
    #expect(customer.parts.map(\.name) == ["airline", "engine"])
    for (place, all) in customer.all.windows.enumerated() {
      #expect(
        all.usage.count
          == customer.parts.reduce(0) { $0 + $1.series.windows[place].usage.count })
    }
    let asset = try answer(.assets([AssetKey("engine")]))
    #expect(asset.all.windows == customer.parts[1].series.windows)
    let (first, second) = (
      try answer(.contract(ContractKey("hours-1"))), try answer(.contract(ContractKey("hours-2")))
    )
    let engine = asset.all.whole.usage.count
    #expect(
      first.parts.first { $0.name == "engine" }!.series.whole.usage.count
        + second.parts.first { $0.name == "engine" }!.series.whole.usage.count == engine)
  }

  @Test("a contract counts while it is in force")
  func term() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post([
      Workspace.event("1", time: "2013-01-01T04:59:59Z"),
      Workspace.event("2", time: "2013-01-01T05:00:00Z"),
    ])
    let windows = Windows(workspace.period("2013-01-01T00:00:00Z", "2013-01-02T00:00:00Z"))
    let answer = try workspace.usage.answer(
      UsageScopeQuery(MeterKey("runs"), of: .contract(ContractKey("hours-1")), windows))
    #expect(answer.all.whole.usage.count == 1)
  }

  @Test("too many values are refused before they are read")
  func limit() throws {
    let workspace = try Workspace()
    try workspace.agree()
    for number in 0..<15 {
      try workspace.put(
        .asset, "engine-\(number)",
        ["assignments": [["contract": "hours-1", "from": "2013-01-01T00:00:00Z"]]])
    }
    let windows = try Windows(
      of: workspace.period("2013-01-01T00:00:00Z", "2013-01-07T00:00:00Z"), .minute, in: .utc,
      countMax: UsageService.windowsMax)
    func ask(by breakdown: UsageBreakdown?) throws -> UsageResult {
      try workspace.usage.answer(
        UsageScopeQuery(
          MeterKey("runs"), of: .customer(CustomerKey("airline")), windows, by: breakdown))
    }
    #expect(try ask(by: nil).all.windows.count == 8640)
    #expect(fault { try ask(by: .asset) }?.code == .limitExceeded)
  }
}
