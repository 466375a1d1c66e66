import Access
import Base
import HTTPTypes
import NIOHTTP1
import Testing

@testable import Server

@Suite("What a caller can read")
struct AcceptTests {
  private static let types = ["application/json", "text/csv"]
  private static let browser =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"

  @Test(
    "The best of two content types",
    arguments: [
      (nil, "application/json"), ("", "application/json"), ("*/*", "application/json"),
      ("*", "application/json"), ("text/csv", "text/csv"), ("TEXT/CSV", "text/csv"),
      ("text/*", "text/csv"), ("text/csv; charset=utf-8", "text/csv"),
      ("application/json;q=0.5, text/csv", "text/csv"),
      ("text/csv;q=0.5, application/json", "application/json"),
      ("text/csv;q=0.5,*/*;q=0.1", "text/csv"), ("*/*;q=0.1 , text/csv ; q=0", "application/json"),
      ("application/pdf", nil), ("application/json;q=0", nil), ("*/*;q=0.000", nil),
      ("application/*;q=0,text/csv;q=0.001", "text/csv"), (browser, "application/json"),
      ("nothing", "application/json"), ("application/json;q=x", "application/json"),
      ("text/csv;q=99999999999999999999", "text/csv"), (",;/;q=", "application/json"),
    ] as [(String?, String?)])
  func best(header: String?, type: String?) {
    var fields = HTTPFields()
    fields[.accept] = header
    #expect(Accept(fields).best(of: Self.types) == type)
  }

  @Test("Several headers are one")
  func several() {
    var fields = HTTPFields()
    fields.append(HTTPField(name: .accept, value: "application/json;q=0.1"))
    fields.append(HTTPField(name: .accept, value: "text/csv"))
    #expect(Accept(fields).best(of: Self.types) == "text/csv")
  }

  @Test("What is not there is 406, for every operation, and before anything is done")
  func notAcceptable() async throws {
    try await TestService.run { service in
      try await service.agree()
      for route in Routes.all where !route.types.isEmpty {
        let path = route.path.replacing("{key}", with: "some").replacing("{number}", with: "1")
          .replacing("{sequence}", with: "1").replacing("{file}", with: "some")
        let session = try await service.token([.readValue], as: .session)
        let client: TestClient =
          if case .session = route.entry { service.client(.session(session)) } else {
            service.client(.operator)
          }
        let answer = try await client.send(
          HTTPMethod(rawValue: route.method.rawValue), path,
          headers: [("Accept", "application/pdf")])
        #expect(answer.status == 406, "\(route.id) answers \(answer.status)")
        for type in route.types {
          let good = try await client.send(
            HTTPMethod(rawValue: route.method.rawValue), path,
            headers: [("Accept", "application/pdf, \(type);q=0.1")])
          #expect(good.status != 406, "\(route.id) as \(type)")
        }
      }
      let run = try await service.client(.operator).send(
        .POST, "/v1/billing-runs", .bytes(Array(#"{"month":"2013-01"}"#.utf8)),
        headers: [("Accept", "text/plain")])
      #expect(run.status == 406)
      #expect(try await service.client(.operator).get("/v1/invoices").items.isEmpty)
      let posted = try await service.client(.operator).send(
        .POST, "/v1/events", .bytes(SampleEvent(id: "1").json.bytes),
        type: TestClient.eventType, headers: [("Accept", "application/pdf")])
      #expect(posted["accepted"] == 1, "no event is lost over it: \(posted.text)")
      let csv = try await service.client(.operator).get(
        "/v1/invoices?format=csv", [("Accept", "application/json")])
      #expect(csv.header("content-type")?.hasPrefix("text/csv") == true, "it was asked for by name")
    }
  }

  @Test("A browser gets its problems as pages, everywhere; a program as JSON")
  func pages() async throws {
    try await TestService.run { service in
      let calls: [(HTTPMethod, String, Int)] = [
        (.GET, "/nothing", 404), (.GET, "/v1/invoices", 401), (.DELETE, "/v1/invoices", 405),
        (.GET, "/customers", 401), (.GET, "/sign-in/x", 401), (.GET, "/assets/x", 404),
        (.GET, "/metrics", 401), (.POST, "/v1/events", 401),
      ]
      for (method, path, status) in calls {
        let page = try await service.client(.none).send(
          method, path, headers: [("Accept", Self.browser)])
        #expect(page.status == status, "\(path)")
        #expect(page.header("content-type") == "text/html; charset=utf-8", "\(path)")
        #expect(page.text.contains("<!DOCTYPE html>"), "\(path)")
        #expect(page.header("content-security-policy") != nil, "\(path)")
        #expect(page.header("cache-control") == "no-store", "\(path)")
        let document = try await service.client(.none).send(
          method, path, headers: [("Accept", "application/problem+json, */*;q=0.5")])
        #expect(document.header("content-type") == "application/problem+json", "\(path)")
        #expect(document["status"] == .integer(status), "\(path)")
      }
      let denied = try await service.client(.scopes([])).send(
        .GET, "/v1/invoices", headers: [("Accept", Self.browser)])
      #expect(denied.status == 403)
      #expect(denied.text.contains("invoices:read"))
      let missing = try await service.client(.none).send(
        .DELETE, "/v1/events", headers: [("Accept", Self.browser)])
      #expect(missing.header("allow") == "POST, GET, HEAD")
    }
  }

  @Test("Whatever can be got has a head: the same, without a body")
  func heads() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.post(SampleEvent(id: "1"))
      _ = try await service.bill("2013-01")
      let session = try await service.token([.readValue], as: .session)
      for route in Routes.all where route.method == .get && route.id != "signIn" {
        let key = route.path.hasPrefix("/v1/invoices") ? "acme-hours~2013-01" : "acme"
        var path = route.path.replacing("{key}", with: key).replacing("{sequence}", with: "1")
          .replacing("{number}", with: "1").replacing("{file}", with: "some")
        if route.id == "getUsage" { path += "?meter=hours&customer=acme&month=2013-01" }
        if ["listAccruals", "listUnbilledUsage"].contains(route.id) { path += "?month=2013-01" }
        let client: TestClient =
          if case .session = route.entry { service.client(.session(session)) } else {
            service.client(.operator)
          }
        let whole = try await client.send(.GET, path)
        let head = try await client.send(.HEAD, path)
        #expect(head.status == whole.status, "\(route.id)")
        #expect(head.bytes.isEmpty, "\(route.id)")
        for name in ["content-type", "content-length", "etag", "link", "location", "cache-control"]
        where route.id != "getMetrics" {
          #expect(head.header(name) == whole.header(name), "\(route.id): \(name)")
        }
      }
    }
  }
}
