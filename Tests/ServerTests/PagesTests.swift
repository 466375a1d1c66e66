import Access
import Base
import NIOHTTP1
import Testing

@Suite("Pages for account managers")
struct PagesTests {
  /// Uses a fresh link; the answer sets the cookie.
  private func signIn(_ service: TestService) async throws -> Answer {
    let link = try await service.token(Role.accountManager.scopes, as: .link)
    return try await service.client(.none).get("/sign-in/\(link)")
  }

  private func session(_ service: TestService) async throws -> TestClient {
    let cookie = try #require(try await signIn(service).header("set-cookie"))
    let value = try #require(cookie.prefix { $0 != ";" }.split(separator: "=").last)
    return service.client(.session(String(value)))
  }

  @Test("A link signs in once")
  func link() async throws {
    try await TestService.run { service in
      let link = try await service.token(Role.accountManager.scopes, as: .link)
      let visitor = service.client(.none)
      let first = try await visitor.get("/sign-in/\(link)")
      #expect(first.status == 303)
      #expect(first.header("location") == "/customers")
      let cookie = try #require(first.header("set-cookie"))
      let parts = cookie.split(separator: ";").map { $0.drop { $0 == " " } }
      #expect(parts.first?.hasPrefix("usance_session=") == true)
      #expect(Set(parts.dropFirst()) == ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=28800"])
      for _ in 1...2 {
        let again = try await visitor.get("/sign-in/\(link)")
        #expect(again.status == 401)
        #expect(again.header("set-cookie") == nil)
        #expect(again.header("content-type") == "text/html; charset=utf-8")
        #expect(again.text.contains("usance token link"), "it says how to come by a new one")
        #expect(again.text.contains("This link was used before"))
      }
      #expect(first.header("cache-control") == "no-store", "the answer that sets the cookie")
    }
  }

  @Test("To ask for the head of a link does not use it up")
  func head() async throws {
    try await TestService.run { service in
      let link = try await service.token(Role.accountManager.scopes, as: .link)
      let visitor = service.client(.none)
      for _ in 1...2 {
        let head = try await visitor.send(.HEAD, "/sign-in/\(link)")
        #expect(head.status == 303)
        #expect(head.header("set-cookie") == nil)
      }
      #expect(try await visitor.get("/sign-in/\(link)").status == 303)
      #expect(try await visitor.send(.HEAD, "/sign-in/\(link)").status == 401)
    }
  }

  @Test("Each case of not being let in has a sentence of its own, and the whole command")
  func advice() async throws {
    try await TestService.run { service in
      let link = try await service.token(Role.accountManager.scopes, as: .link)
      let visitor = try await session(service)
      service.clock.advance(bySeconds: 15 * 60)
      let (none, signedOut) = (service.client(.none), try await session(service))
      _ = try await signedOut.send(.POST, "/sign-out")
      let out = try await signedOut.get("/customers")
      service.clock.advance(bySeconds: 8 * 3600)
      let cases: [(answer: Answer, status: Int, sentence: String)] = [
        (try await none.get("/customers"), 401, "You are not signed in."),
        (try await service.client(.session("x")).get("/customers"), 401, "You are not signed in."),
        (try await visitor.get("/customers"), 401, "Your session has expired."),
        (out, 401, "You have signed out."),
        (try await none.get("/sign-in/\(link)"), 401, "This link has expired"),
        (try await none.get("/sign-in/x"), 401, "This is not a sign-in link"),
        (try await none.get("/sign-in"), 200, "You are not signed in."),
      ]
      for (answer, status, sentence) in cases {
        #expect(answer.status == status)
        #expect(answer.text.contains(sentence), "\(sentence)")
        #expect(
          answer.text.contains("usance token link --data FOLDER --subject NAME --url ADDRESS"))
        #expect(answer.header("cache-control") == "no-store")
      }
    }
  }

  @Test("Whoever signs out is out: the cookie is gone, and the session good for nothing")
  func signOut() async throws {
    try await TestService.run { service in
      try await service.agree()
      let (visitor, other) = (try await session(service), try await session(service))
      #expect(try await visitor.get("/customers").text.contains("action=\"/sign-out\""))
      for _ in 1...2 {
        let out = try await visitor.send(.POST, "/sign-out")
        #expect(out.status == 303)
        #expect(out.header("location") == "/sign-in")
        #expect(out.header("cache-control") == "no-store")
        let cookie = try #require(out.header("set-cookie"))
        #expect(cookie.hasPrefix("usance_session=;"))
        #expect(cookie.contains("Max-Age=0"))
        #expect(try await visitor.get("/customers").status == 401)
      }
      #expect(try await other.get("/customers").status == 200, "others stay")
      let stranger = try await service.client(.none).send(.POST, "/sign-out")
      #expect(stranger.status == 303)
      #expect(stranger.header("set-cookie") == nil, "nothing is said to whoever sent no cookie")
    }
  }

  @Test("Of ten who use a link at once, one is let in")
  func linkAtOnce() async throws {
    try await TestService.run { service in
      let link = try await service.token(Role.accountManager.scopes, as: .link)
      let visitor = service.client(.none)
      let statuses = try await withThrowingTaskGroup(of: Int.self) { tasks in
        for _ in 0..<10 { tasks.addTask { try await visitor.get("/sign-in/\(link)").status } }
        return try await tasks.reduce(into: []) { $0.append($1) }
      }
      #expect(statuses.sorted() == [303] + Array(repeating: 401, count: 9))
    }
  }

  @Test("A link and a session come to an end")
  func expiry() async throws {
    try await TestService.run { service in
      let link = try await service.token(Role.accountManager.scopes, as: .link)
      let visitor = try await session(service)
      service.clock.advance(bySeconds: 15 * 60)
      #expect(try await service.client(.none).get("/sign-in/\(link)").status == 401)
      #expect(try await visitor.get("/customers").status == 200)
      service.clock.advance(bySeconds: 8 * 3600 - 15 * 60 - 1)
      #expect(try await visitor.get("/customers").status == 200)
      service.clock.advance(bySeconds: 1)
      let ended = try await visitor.get("/customers")
      #expect(ended.status == 401)
      #expect(ended.text.contains("usance token link"))
    }
  }

  @Test("A page runs nothing, fetches nothing from elsewhere, and is kept by nobody")
  func headers() async throws {
    try await TestService.run { service in
      try await service.agree()
      let visitor = try await session(service)
      let pages = [
        try await visitor.get("/customers"), try await visitor.get("/customers/acme"),
        try await visitor.get("/customers/dodo"), try await service.client(.none).get("/customers"),
        try await service.client(.none).get("/sign-in/x"),
      ]
      for page in pages {
        let policy = try #require(page.header("content-security-policy"))
        let rules = policy.split(separator: ";").map { $0.drop { $0 == " " } }
        #expect(rules.contains("default-src 'none'"))
        #expect(rules.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe"))
        #expect(page.header("x-content-type-options") == "nosniff")
        #expect(page.header("referrer-policy") == "no-referrer")
        #expect(page.header("cache-control") == "no-store")
        #expect(!page.text.contains("<script"))
        #expect(!page.text.contains("http://") || page.text.contains("http://www.w3.org/"))
      }
    }
  }

  @Test("The style sheet a page names is served, for ever; another is not")
  func stylesheet() async throws {
    try await TestService.run { service in
      let page = try await service.client(.none).get("/customers")
      let start = try #require(page.text.firstRange(of: "href=\"/assets/")).upperBound
      let name = String(page.text[start...].prefix { $0 != "\"" })
      let sheet = try await service.client(.none).get("/assets/\(name)")
      #expect(sheet.status == 200)
      #expect(sheet.header("content-type") == "text/css; charset=utf-8")
      #expect(sheet.header("cache-control")?.contains("immutable") == true)
      #expect(sheet.text.contains("{"))
      for other in ["usance.css", "x\(name)", "..%2Fusance.db"] {
        #expect(try await service.client(.none).get("/assets/\(other)").status == 404, "\(other)")
      }
    }
  }

  @Test("The pages show the figures of invoices, and names as they are")
  func figures() async throws {
    try await TestService.run { service in
      try await service.agree()
      try await service.put("customers/acme", ["name": "<b>Acme</b> & Sons"])
      try await service.post(
        SampleEvent(id: "1", data: ["seconds": 4_482_000, "cycles": 3]))
      _ = try await service.bill("2013-01")
      _ = try await service.finalise("acme-hours~2013-01")
      let visitor = try await session(service)
      for path in ["/customers", "/customers/acme"] {
        let page = try await visitor.get(path)
        #expect(page.status == 200)
        #expect(page.header("content-type") == "text/html; charset=utf-8")
        #expect(page.text.contains("&lt;b&gt;Acme&lt;/b&gt; &amp; Sons"), "\(path)")
        #expect(!page.text.contains("<b>Acme"), "\(path)")
        #expect(page.text.contains("1,245.0"), "the hours on \(path)")
        #expect(page.text.contains("124,530.00"), "the charge on \(path)")
      }
      let page = try await visitor.get("/customers/acme")
      for figure in ["INV-000001", "January 2013", "124,500.00"] {
        #expect(page.text.contains(figure), "\(figure)")
      }
      let missing = try await visitor.get("/customers/dodo")
      #expect(missing.status == 404)
      #expect(missing.header("content-type") == "text/html; charset=utf-8")
      let home = try await visitor.get("/")
      #expect(home.status == 303)
      #expect(home.header("location") == "/customers")
    }
  }
}
