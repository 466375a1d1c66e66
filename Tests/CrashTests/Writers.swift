import Foundation
import TestSupport

/// A workspace in which every kind of write over HTTP has something to do.
enum Writers {
  struct Request {
    let name: String
    let method: String
    let path: String
    let type: String
    let body: String

    init(
      _ name: String, _ method: String, _ path: String, _ body: String,
      type: String = "application/json"
    ) {
      self.name = name
      self.method = method
      self.path = path
      self.type = type
      self.body = body
    }

    /// The status of its answer.
    func send(_ connection: Connection, _ token: String) throws -> Connection.Answer {
      try connection.exchange(
        method, path, ["Authorization: Bearer \(token)", "Content-Type: \(type)"], body)
    }
  }

  private static let contracts = ["pay", "credit", "dispute", "resolve", "draft", "void"]

  /// Agrees with a customer, bills January and leaves one draft.
  static func prepare(_ connection: Connection, _ token: String) throws {
    let agreed = contracts.map { key in
      """
      "\(key)":{"customer":"acme","currency":"EUR","zone":"UTC","from":"2013-01-01",
      "clauses":[{"key":"fee","kind":"flatFee","amount":"100.00"}]}
      """
    }
    var requests = [
      Request(
        "agree", "POST", "/v1/catalog",
        """
        {"customers":{"acme":{"name":"Acme"}},"contracts":{\(agreed.joined(separator: ","))},
        "meters":{"runs":{"aggregation":"count","eventTypes":["ran"],"unit":"runs"}},
        "indexSeries":{"labour":{"places":1,"publications":[]}}}
        """),
      Request("event", "POST", "/v1/events", event("first"), type: Self.eventType),
      Request("run", "POST", "/v1/billing-runs", #"{"month":"2013-01"}"#),
    ]
    requests += contracts.filter { $0 != "draft" }.map {
      Request("finalise", "POST", "/v1/invoices/\($0)~2013-01/finalise", "{}")
    }
    requests.append(
      Request(
        "dispute", "POST", "/v1/invoices/resolve~2013-01/disputes",
        #"{"line":"fee","reason":"too much"}"#))
    for request in requests {
      let answer = try request.send(connection, token)
      guard (200..<300).contains(answer.status) else {
        throw Connection.Broken(reason: "\(request.name): \(answer.status) \(answer.body)")
      }
    }
  }

  private static let eventType = "application/cloudevents+json"

  static func event(_ id: String, padding: String = "") -> String {
    """
    {"specversion":"1.0","type":"ran","source":"//test/one","id":"\(id)","subject":"acme",\
    "time":"2013-01-10T12:00:00Z","data":{"padding":"\(padding)"}}
    """
  }

  /// As invoices have it: UTC.
  private static var today: String { String(Date().ISO8601Format().prefix(10)) }

  /// One of each, in an order in which all can be done.
  static let requests = [
    Request("one event", "POST", "/v1/events", event("1"), type: eventType),
    Request(
      "a batch of events", "POST", "/v1/events", "[\(event("2")),\(event("3"))]",
      type: "application/cloudevents-batch+json"),
    Request(
      "a stream of events", "POST", "/v1/events", event("4") + "\n" + event("5"),
      type: "application/x-ndjson"),
    Request("a customer", "PUT", "/v1/customers/other", #"{"name":"Other"}"#),
    Request(
      "a meter, and its count", "PUT", "/v1/meters/late",
      #"{"aggregation":"count","eventTypes":["ran"],"unit":"runs"}"#),
    Request("a catalog", "POST", "/v1/catalog", #"{"customers":{"third":{"name":"Third"}}}"#),
    Request(
      "an index value", "POST", "/v1/index-series/labour/publications",
      #"[{"month":"2013-01","published":"2013-02-01","value":"101.5"}]"#),
    Request("a billing run", "POST", "/v1/billing-runs", #"{"month":"2013-02"}"#),
    Request("finalise", "POST", "/v1/invoices/draft~2013-01/finalise", "{}"),
    Request(
      "a payment", "POST", "/v1/invoices/pay~2013-01/payments",
      #"{"amount":"40.00","date":"\#(today)","reference":"bank 1"}"#),
    Request(
      "a credit note", "POST", "/v1/invoices/credit~2013-01/credit-notes", #"{"reason":"late"}"#),
    Request(
      "a dispute", "POST", "/v1/invoices/dispute~2013-01/disputes",
      #"{"line":"fee","reason":"too much"}"#),
    Request(
      "a resolution", "POST", "/v1/invoices/resolve~2013-01/dispute-resolutions",
      #"{"line":"fee","resolution":"upheld","reason":"as agreed"}"#),
    Request("void", "POST", "/v1/invoices/void~2013-01/void", #"{"reason":"never ordered"}"#),
    Request(
      "an adjustment", "POST", "/v1/adjustments",
      #"{"contract":"draft","month":"2013-03","kind":"goodwill","amount":"5.00","reason":"late"}"#),
    Request("a revocation", "POST", "/v1/token-revocations", #"{"jti":"stolen"}"#),
  ]

  /// What is read without a write, each 200.
  static let readPaths = [
    "/v1/invoices", "/v1/invoices/pay~2013-01", "/v1/events", "/v1/ledger", "/v1/catalog",
    "/v1/accruals?month=2013-03", "/v1/usage?meter=runs&customer=acme&month=2013-01",
    "/v1/unbilled-usage?month=2013-01", "/v1/outcomes", "/v1/adjustments", "/livez", "/metrics",
  ]
}
