import Access
import Base
import HTTPTypes
import NIOHTTP1
import Server
import Testing

@Suite("Who may do what")
struct AuthTests {
  /// Operations that need a bearer token, each with the scopes of which one is enough.
  private static let tokenRoutes: [(id: String, method: HTTPMethod, path: String, [TokenScope])] =
    Routes.all.compactMap { route in
      guard case .token(anyOf: let scopes) = route.entry else { return nil }
      return (
        route.id, HTTPMethod(rawValue: route.method.rawValue),
        route.path.replacing("{key}", with: "some").replacing("{sequence}", with: "1")
          .replacing("{number}", with: "1"), scopes
      )
    }

  private static let pages = ["/customers", "/customers/acme"]

  @Test("There is no way in without a token that is good now, and no hint what is wrong with one")
  func unauthorised() async throws {
    try await TestService.run { service in
      let good = try await service.token(TokenScope.allCases)
      service.clock.advance(bySeconds: 3599)
      let stillGood = try await service.client(.bearer(good)).get("/v1/events")
      #expect(stillGood.status == 200)
      service.clock.advance(bySeconds: 1)
      let fresh = try await service.token(TokenScope.allCases)
      for (id, method, path, _) in Self.tokenRoutes {
        let bare = try await service.client(.none).send(method, path)
        bare.expectProblem(401, "unauthorised", at: [], on: path, "\(id)")
        #expect(bare.header("www-authenticate")?.hasPrefix("Bearer") == true, "\(id)")
        let others = [
          try await service.client(.bearer(good)).send(method, path),
          try await service.client(.bearer("not.a.token")).send(method, path),
          try await service.client(.none).send(method, "\(path)?access_token=\(fresh)"),
          try await service.client(.bearer(fresh)).send(method, "\(path)?access_token=\(fresh)"),
          try await service.client(.session(fresh)).send(method, path),
          try await service.client(.none).send(
            method, path, headers: [("Authorization", "Basic \(fresh)")]),
          try await service.client(.bearer(fresh)).send(
            method, path, headers: [("Authorization", "Bearer \(fresh)")]),
        ]
        for (index, answer) in others.enumerated() {
          #expect(answer.status == 401, "\(id), way \(index)")
          #expect(answer.text == bare.text, "\(id), way \(index): the same body")
          #expect(answer.header("www-authenticate") == bare.header("www-authenticate"))
        }
      }
    }
  }

  @Test("All scopes but those that are needed are not enough; one of them is")
  func forbidden() async throws {
    try await TestService.run { service in
      for (id, method, path, scopes) in Self.tokenRoutes {
        let others = TokenScope.allCases.filter { !scopes.contains($0) }
        let answer = try await service.client(.scopes(others)).send(method, path)
        answer.expectProblem(403, "forbidden", at: [], on: path, "\(id)")
        // What is the caller's own, a token without sources and assets does not say.
        for scope in scopes where scope != .readOwnEvents {
          let exact = try await service.client(.scopes([scope])).send(method, path)
          #expect(![401, 403].contains(exact.status), "\(id) answers \(exact.status)")
        }
      }
    }
  }

  @Test("A revoked token is no longer good, at once, and others are")
  func revocation() async throws {
    try await TestService.run { service in
      let (stolen, other) = (
        try await service.token([.readEvents], id: "stolen"), try await service.token([.readEvents])
      )
      let thief = service.client(.bearer(stolen))
      #expect(try await thief.get("/v1/events").status == 200)
      let `operator` = service.client(.operator)
      for _ in 1...2 {
        let revoked = try await `operator`.post("/v1/token-revocations", ["jti": "stolen"])
        #expect(revoked.status == 204)
      }
      try await thief.get("/v1/events").expectProblem(401, "unauthorised")
      #expect(try await service.client(.bearer(other)).get("/v1/events").status == 200)
      try await `operator`.post("/v1/token-revocations", ["id": "stolen"])
        .expectProblem(422, "missing_field", at: ["/jti", "/id"])
    }
  }

  @Test("A revocation outlives the token it is about")
  func revocationLasts() async throws {
    try await TestService.run { service in
      let long = try await service.services.issuer.issue(
        .access, subject: "test", scopes: [.readEvents],
        lifetimeSeconds: TokenPurpose.access.lifetimeSecondsMax, tokenID: "long",
        now: service.clock.now)
      let `operator` = service.client(.operator)
      _ = try await `operator`.post("/v1/token-revocations", ["jti": "long"])
      service.clock.advance(bySeconds: TokenPurpose.access.lifetimeSecondsMax - 1)
      // Revoking another one tidies up what has expired.
      _ = try await `operator`.post("/v1/token-revocations", ["jti": "another"])
      #expect(try await service.client(.bearer(long)).get("/v1/events").status == 401)
    }
  }

  @Test("A token is good for what it was made for, and for nothing else")
  func purposes() async throws {
    try await TestService.run { service in
      try await service.agree()
      for purpose in TokenPurpose.allCases {
        let token = try await service.token(TokenScope.allCases, as: purpose)
        let call = try await service.client(.bearer(token)).get("/v1/events")
        #expect(call.status == (purpose == .access ? 200 : 401), "\(purpose)")
        for path in Self.pages {
          let page = try await service.client(.session(token)).get(path)
          #expect(page.status == (purpose == .session ? 200 : 401), "\(purpose) \(path)")
          #expect(page.header("content-type") == "text/html; charset=utf-8")
          #expect(try await service.client(.bearer(token)).get(path).status == 401, "no cookie")
        }
        let link = try await service.client(.none).get("/sign-in/\(token)")
        #expect(link.status == (purpose == .link ? 303 : 401), "\(purpose)")
      }
      let narrow = try await service.token([.readEvents], as: .session)
      for path in Self.pages {
        #expect(try await service.client(.session(narrow)).get(path).status == 403)
      }
    }
  }

  @Test("A known address with another method says which ones it has")
  func otherMethods() async throws {
    try await TestService.run { service in
      for path in Set(Routes.all.map(\.path)) {
        let address = path.replacing("{key}", with: "some").replacing("{file}", with: "some")
          .replacing("{link}", with: "some").replacing("{sequence}", with: "1")
          .replacing("{number}", with: "1")
        let allowed = Routes.all.filter { $0.path == path }.flatMap(\.methods).map(\.rawValue)
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
        where !allowed.contains(method) {
          let answer = try await service.client(.operator).send(
            HTTPMethod(rawValue: method), address)
          answer.expectProblem(405, "method_not_allowed", at: [], on: address, "\(method)")
          let allow = answer.header("allow")?.split(separator: ",").map {
            $0.filter { $0 != " " }
          }
          #expect(Set(allow ?? []) == Set(allowed), "\(method) \(path)")
        }
      }
    }
  }

  @Test("HEAD has no body, refused or not, and the connection lives on")
  func head() async throws {
    try await TestService.run { service in
      let calls = ["HEAD /v1/events", "HEAD /nothing", "GET /livez"]
      let reply = try await RawConnection.exchange(
        calls.map { "\($0) HTTP/1.1\r\nHost: localhost\r\n\r\n" }, with: service, secondsMax: 120,
        until: { $0.contains("live\"}") })
      let parts = reply.text.split(separator: "\r\n\r\n", omittingEmptySubsequences: false)
      #expect(parts.count == 4, "three heads and one body: \(reply.text)")
      #expect(parts.first?.hasPrefix("HTTP/1.1 401 ") == true)
      #expect(parts.dropFirst().first?.hasPrefix("HTTP/1.1 404 ") == true)
      #expect(parts.dropFirst(2).first?.hasPrefix("HTTP/1.1 200 ") == true)
    }
  }

  @Test("An unknown address is a problem like every other")
  func unknownAddress() async throws {
    try await TestService.run { service in
      for path in ["/v1", "/v1/nothing", "/v1/invoices/a/b/c", "/V1/events", "/assets"] {
        try await service.client(.operator).get(path)
          .expectProblem(404, "not_found", at: [], on: path, "\(path)")
      }
    }
  }
}
