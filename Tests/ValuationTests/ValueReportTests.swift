import Base
import Metering
import Testing
import Valuation

@Suite struct ValueReportTests {
  @Test func `months carry use, and money with its state`() throws {
    let json = try report(of: "Aerolink").json
    #expect(json["customer"] == "Aerolink")
    #expect(
      json["months"]?.text == """
        [{"month":"2013-01","usage":[{"meter":"cycles","value":"350","unit":"cycle"}],\
        "amount":"120063.35","currency":"USD","amountState":"final"},\
        {"month":"2013-02","usage":[{"meter":"cycles","value":"12","unit":"cycle"}],\
        "amount":"0.00","currency":"USD","amountState":"running"},\
        {"month":"2013-03","usage":[]}]
        """)
  }

  @Test func `a scored customer's document has the figures and their parts`() throws {
    let score = try #require(report(of: "Cityline").json["valueScore"])
    #expect(score["policy"] == "vcs-1")
    #expect(score["state"] == "scored")
    #expect(score["score"] == "32.261")
    #expect(score["customer"] == "22.628")
    #expect(score["provider"] == "61.160")
    #expect(score["quadrant"] == "extractive")
    #expect(score["lambda"] == "0.5")
    #expect(score["coverage"] == ["customer": "0.9000", "provider": "1.0000"])
    let contributions = try #require(score["contributions"]?.elements)
    #expect(contributions.count == 10)
    #expect(contributions.first == ["line": "C1", "points": "3.889"])
    #expect(contributions.last == ["line": "balance", "points": "-9.633"])
    var sum: Int128 = 0
    for contribution in contributions {
      sum += try Fixed(#require(contribution["points"]?.stringValue)).units
    }
    #expect(sum == 32_261)
  }

  @Test func `all ten dimensions are listed, an unobserved one without figures`() throws {
    let score = try #require(report(of: "Cityline").json["valueScore"])
    let dimensions = try #require(score["dimensions"]?.elements)
    #expect(dimensions.compactMap { $0["id"]?.stringValue } == Dimension.allCases.map(\.id))
    #expect(
      dimensions.map { $0["observed"] } == Dimension.allCases.map { .bool($0 != .experience) })
    #expect(
      dimensions[2].text == """
        {"id":"C3","name":"value in use","side":"customer","weightBasisPoints":2000,\
        "measureOf":"used / planned hours","goalposts":{"low":"0.30","high":"1.00"},\
        "observed":true,"measure":"0.550000000","points":"35.714","evidenceCount":30,\
        "evidenceCountEnough":30}
        """)
    #expect(
      dimensions[3].text == """
        {"id":"C4","name":"experience","side":"customer","weightBasisPoints":1000,\
        "measureOf":"(satisfied + 7) / (answers + 10)","goalposts":{"low":"0.50","high":"0.95"},\
        "observed":false,"evidenceCountEnough":10,"evidenceNeeded":"survey touchpoints"}
        """)
  }

  @Test func `without enough evidence there is no number, but what was seen is shown`() throws {
    let score = try Score.of([.economic: Observation(.one, evidenceCount: 3)])
    let json = ValueReport(customer: try CustomerKey("new"), months: [], score: score)
      .json["valueScore"]
    #expect(json?["state"] == "insufficient-evidence")
    for name in ["score", "customer", "provider", "quadrant", "contributions"] {
      #expect(json?[name] == nil)
    }
    #expect(json?["coverage"] == ["customer": "0.0000", "provider": "0.3500"])
    #expect(json?["dimensions"]?.elements?.count == 10)
    #expect(json?["dimensions"]?.elements?[5]["points"] == "100.000")
  }

  private func report(of customer: String) throws -> ValueReport {
    let dollar = try Currency("USD")
    let meter = MeterDefinition(
      key: try MeterKey("cycles"), eventTypes: ["engine.cycle"], aggregation: .count,
      unit: MeasureUnit("cycle"))
    func month(_ text: String, _ cycles: Int64?, _ charge: ValueMonth.Charge?) throws -> ValueMonth
    {
      let usage = cycles.map { [MeteredUsage(meter, Usage(count: $0))] } ?? []
      return ValueMonth(try BillingMonth(text), usage: usage, charge: charge)
    }
    return ValueReport(
      customer: try CustomerKey(customer),
      months: [
        try month("2013-01", 350, .init(Money(minor: 12_006_335, dollar), .final)),
        try month("2013-02", 12, .init(.zero(dollar), .running)),
        try month("2013-03", nil, nil),
      ],
      score: try WorkedExample.score(of: customer))
  }
}
