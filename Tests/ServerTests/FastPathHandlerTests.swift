import Access
import Base
import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Server

@Suite("The shortcut for small posts")
struct EventShortcutTests {
  /// What one sender says after another, and how each is answered, by whichever way.
  private static let bodies: [(body: String, type: String, prefer: String?)] = [
    (SampleEvent(id: "1").json.text, TestClient.eventType, nil),
    (SampleEvent(id: "1").json.text, TestClient.eventType, nil),
    (SampleEvent(id: "2").json.text, TestClient.eventType, "return=minimal"),
    (SampleEvent(id: "2").json.text, "application/json", "return=representation"),
    (SampleEvent(id: "1", data: ["seconds": 7]).json.text, TestClient.eventType, "return=minimal"),
    (
      JSON.array([SampleEvent(id: "3").json, SampleEvent(id: "4", subject: "nobody").json]).text,
      TestClient.batchType, "return=minimal"
    ),
    (JSON.array([SampleEvent(id: "5").json, [:]]).text, "application/json", nil),
    (SampleEvent(id: "6", data: ["seconds": -1]).json.text, TestClient.eventType, nil),
    ("[]", TestClient.batchType, nil),
    ("{\"id\":", TestClient.eventType, nil),
    ("", TestClient.eventType, nil),
  ]

  @Test("It answers, and stores, as the operation does", arguments: IngestEndpoint.allCases)
  func sameAnswers(_ address: IngestEndpoint) async throws {
    var replies: [[[String]]] = []
    for pieces in [1, 2] {
      try await TestService.run { service in
        try await service.agree()
        let token = try await service.token([.writeEvents])
        _ = try await service.client(.bearer(token)).post(event: SampleEvent(id: "0").json.text)
        var answers: [[String]] = []
        for (body, type, prefer) in Self.bodies {
          let head = Self.head(address.path, token, type, prefer, length: body.utf8.count)
          let reply = try await RawConnection.exchange(
            pieces == 1 ? [head + body] : [head, body], pause: .milliseconds(20), with: service,
            secondsMax: 120, until: Self.isWhole)
          answers.append(Self.comparable(reply.text))
        }
        #expect(try service.eventCount() == 6)
        replies.append(answers)
      }
    }
    for (number, (short, long)) in zip(replies[0], replies[1]).enumerated() {
      #expect(short == long, "body \(number)")
    }
    #expect(replies[0].count == Self.bodies.count)
  }

  @Test("A small post is answered without troubling anybody", .timeLimit(.minutes(10)))
  func short() async throws {
    try await run { post in
      try await post.send(post.request(id: "1"))
      let (status, fields) = try await post.answer()
      #expect(status == .ok)
      #expect(fields[.date]?.hasSuffix(" GMT") == true)
      #expect(fields[.server] == "usance")
      #expect(try await post.passedOn().isEmpty)
    }
  }

  @Test("Whatever is unusual goes on as it came")
  func unusual() async throws {
    try await run { post in
      let usual = post.request(id: "1")
      var requests: [[HTTPRequestPart]] = []
      func changed(_ change: (inout HTTPRequest) -> Void) {
        guard case .head(var head) = usual[0] else { return }
        change(&head)
        requests.append([.head(head)] + usual.dropFirst())
      }
      changed { $0.method = .put }
      changed { $0.path = "/v1/events?x=1" }
      changed { $0.path = "/v1/usage" }
      changed { $0.headerFields[.authorization] = nil }
      changed { $0.headerFields[.authorization] = "Bearer nobody" }
      changed { $0.headerFields[.authorization] = "Basic \(post.token)" }
      changed { $0.headerFields.append(.init(name: .authorization, value: "Bearer \(post.token)")) }
      changed { $0.headerFields[.contentType] = nil }
      changed { $0.headerFields[.contentType] = "application/x-ndjson" }
      changed { $0.headerFields[.contentEncoding] = "gzip" }
      changed { $0.headerFields[.transferEncoding] = "chunked" }
      changed { $0.headerFields[.contentLength] = "20000" }
      changed { $0.headerFields[.expect] = "100-continue" }
      changed { $0.headerFields[.accept] = "text/html,application/xhtml+xml,*/*;q=0.8" }
      changed { $0.headerFields[.connection] = "close" }
      changed {
        $0.headerFields[.contentType] = "application/json"
        $0.headerFields[HTTPField.Name("ce-id")!] = "1"
      }
      requests.append([usual[0], .body(ByteBuffer(repeating: 0x20, count: 20_000)), .end(nil)])
      requests.append([usual[0], usual[1], .end([.eTag: "x"])])
      for request in requests {
        try await post.send(request)
        #expect(try await post.passedOn() == request)
        try await post.answerInPlaceOfTasks()
      }
      try await post.send(post.request(id: "1"))
      #expect(try await post.answer().status == .ok, "it is still there afterwards")
    }
  }

  @Test("A body that comes later is left to the operation, which watches the time")
  func late() async throws {
    try await run { post in
      let request = post.request(id: "1")
      try await post.send(Array(request[..<1]))
      #expect(try await post.passedOn() == Array(request[..<1]))
      try await post.send(Array(request[1...]))
      #expect(try await post.passedOn() == Array(request[1...]))
    }
  }

  @Test("While tasks answer one request, the next waits for them and not for us")
  func behindTasks() async throws {
    try await run { post in
      let other: [HTTPRequestPart] = [
        .head(HTTPRequest(method: .get, scheme: "http", authority: "x", path: "/livez")), .end(nil),
      ]
      try await post.send(other + post.request(id: "1"))
      #expect(try await post.passedOn() == other + post.request(id: "1"))
    }
  }

  @Test("What comes while one is stored is answered after it, in order", .timeLimit(.minutes(10)))
  func pipelined() async throws {
    try await run { post in
      let other: [HTTPRequestPart] = [
        .head(HTTPRequest(method: .get, scheme: "http", authority: "x", path: "/livez")), .end(nil),
      ]
      try await post.send(
        post.request(id: "1") + post.request(id: "2") + other, andThen: ChannelEvent.inputClosed)
      #expect(try await post.answer().status == .ok)
      #expect(try await post.answer().status == .ok)
      while try await post.events().isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      #expect(try await post.passedOn() == other)
      #expect(try await post.events() == ["inputClosed"])
    }
  }
}

extension EventShortcutTests {
  private static func head(
    _ path: String, _ token: String, _ type: String, _ prefer: String?, length: Int
  ) -> String {
    """
    POST \(path) HTTP/1.1\r
    Host: localhost\r
    Authorization: Bearer \(token)\r
    Content-Type: \(type)\r
    \(prefer.map { "Prefer: \($0)\r\n" } ?? "")Content-Length: \(length)\r
    \r

    """
  }

  @Sendable private static func isWhole(_ text: String) -> Bool {
    guard let end = text.firstRange(of: "\r\n\r\n") else { return false }
    guard let length = text.firstMatch(of: /(?i)content-length: (\d+)/).flatMap({ Int($0.1) })
    else { return text.hasPrefix("HTTP/1.1 204") }
    return text[end.upperBound...].utf8.count >= length
  }

  /// The lines, in one order and spelling, without the time.
  private static func comparable(_ text: String) -> [String] {
    let parts = text.split(separator: "\r\n\r\n", maxSplits: 1)
    let head = parts.first.map { $0.lowercased().split(separator: "\r\n") } ?? []
    return head.filter { !$0.hasPrefix("date: ") }.map(String.init).sorted()
      + parts.dropFirst().map(String.init)
  }

  private func run(_ body: (ShortcutUnderTest) async throws -> Void) async throws {
    try await TestService.run { service in
      try await service.agree()
      let token = try await service.token([.writeEvents])
      _ = try await service.client(.bearer(token)).post(event: SampleEvent(id: "0").json.text)
      let post = try await ShortcutUnderTest(service.services, token: token)
      try await body(post)
      _ = try await post.channel.finish()
    }
  }
}

/// The shortcut between a connection and tasks that are the test itself.
private struct ShortcutUnderTest {
  let channel: NIOAsyncTestingChannel
  let token: String
  private let tasks = TasksInPlace()

  init(_ services: ServerContext, token: String) async throws {
    self.token = token
    channel = NIOAsyncTestingChannel()
    try await channel.testingEventLoop.executeInContext { [channel, tasks] in
      try channel.pipeline.syncOperations.addHandlers([FastPathHandler(services), tasks])
    }
    try await channel.connect(to: .init(unixDomainSocketPath: "/x"))
  }

  func request(id: String) -> [HTTPRequestPart] {
    let body = ByteBuffer(bytes: SampleEvent(id: id).json.bytes)
    let fields: HTTPFields = [
      .authorization: "Bearer \(token)", .contentType: TestClient.eventType,
      .contentLength: String(body.readableBytes),
    ]
    let head = HTTPRequest(
      method: .post, scheme: "http", authority: "localhost", path: "/v1/events",
      headerFields: fields)
    return [.head(head), .body(body), .end(nil)]
  }

  /// In one go, as one packet brings them.
  func send(_ parts: [HTTPRequestPart], andThen event: ChannelEvent? = nil) async throws {
    try await channel.testingEventLoop.executeInContext { [channel] in
      for part in parts { channel.pipeline.fireChannelRead(part) }
      if let event { channel.pipeline.fireUserInboundEventTriggered(event) }
      channel.pipeline.fireChannelReadComplete()
    }
  }

  func answer() async throws -> (status: HTTPResponse.Status, fields: HTTPFields) {
    var head: HTTPResponse?
    while true {
      switch try await channel.waitForOutboundWrite(as: HTTPResponsePart.self) {
      case .head(let new): head = new
      case .body: break
      case .end:
        let head = try #require(head)
        return (head.status, head.headerFields)
      }
    }
  }

  /// What went on to the tasks since the last look.
  func passedOn() async throws -> [HTTPRequestPart] {
    try await channel.testingEventLoop.executeInContext { [tasks] in
      defer { tasks.parts = [] }
      return tasks.parts
    }
  }

  func events() async throws -> [String] {
    try await channel.testingEventLoop.executeInContext { [tasks] in tasks.events }
  }

  func answerInPlaceOfTasks() async throws {
    try await channel.testingEventLoop.executeInContext { [tasks] in tasks.answer() }
    _ = try await answer()
  }
}

/// Only used on its channel's loop.
private final class TasksInPlace: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = HTTPRequestPart
  typealias OutboundOut = HTTPResponsePart

  var parts: [HTTPRequestPart] = []
  var events: [String] = []
  private var context: ChannelHandlerContext?

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    parts.append(unwrapInboundIn(data))
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    events.append("\(event)")
  }

  func answer() {
    let answer: [HTTPResponsePart] = [.head(.init(status: .ok)), .end(nil)]
    for part in answer { context?.write(wrapOutboundOut(part), promise: nil) }
    context?.flush()
  }
}
