import Access
import AsyncHTTPClient
import Base
import NIOCore
import NIOHTTP1
import Testing

/// A user of the HTTP API. Each answer it gets is held against openapi.yaml.
struct TestClient: Sendable {
  enum Credential: Sendable {
    case none
    case scopes([TokenScope])
    case bearer(String)
    case session(String)
  }

  /// What a body is, and how it is sent.
  enum Body: Sendable {
    case bytes([UInt8])
    /// Without saying how long it is.
    case chunks([ByteBuffer])
  }

  static let eventType = "application/cloudevents+json"
  static let batchType = "application/cloudevents-batch+json"
  private static let answerBytesMax = 64 << 20
  private static let connections = HTTPClient(
    eventLoopGroupProvider: .singleton,
    configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))

  private let service: TestService
  private let credential: Credential

  init(_ service: TestService, _ credential: Credential) {
    self.service = service
    self.credential = credential
  }

  func get(_ path: String, _ headers: [(String, String)] = []) async throws -> Answer {
    try await send(.GET, path, headers: headers)
  }

  func put(
    _ path: String, _ document: JSON, _ headers: [(String, String)] = []
  ) async throws -> Answer {
    try await send(.PUT, path, .bytes(document.bytes), type: "application/json", headers: headers)
  }

  func post(_ path: String, _ document: JSON) async throws -> Answer {
    try await send(.POST, path, .bytes(document.bytes), type: "application/json")
  }

  func post(event text: String, _ headers: [(String, String)] = []) async throws -> Answer {
    try await send(
      .POST, "/v1/events", .bytes(Array(text.utf8)), type: Self.eventType, headers: headers)
  }

  func post(events: [SampleEvent], _ headers: [(String, String)] = []) async throws -> Answer {
    try await send(
      .POST, "/v1/events", .bytes(JSON.array(events.map(\.json)).bytes), type: Self.batchType,
      headers: headers)
  }

  func send(
    _ method: HTTPMethod, _ path: String, _ body: Body? = nil, type: String? = nil,
    headers: [(String, String)] = []
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: service.address + path)
    request.method = method
    switch credential {
    case .none: break
    case .scopes(let scopes):
      request.headers.add(
        name: "Authorization", value: "Bearer \(try await service.token(scopes))")
    case .bearer(let token): request.headers.add(name: "Authorization", value: "Bearer \(token)")
    case .session(let token): request.headers.add(name: "Cookie", value: "usance_session=\(token)")
    }
    if let type { request.headers.add(name: "Content-Type", value: type) }
    request.headers.add(contentsOf: headers)
    switch body {
    case nil: break
    case .bytes(let bytes): request.body = .bytes(bytes)
    case .chunks(let chunks):
      request.body = .stream(
        AsyncStream { stream in
          for chunk in chunks { stream.yield(chunk) }
          stream.finish()
        }, length: .unknown)
    }
    let response = try await Self.connections.execute(request, timeout: .seconds(30))
    let content = try await response.body.collect(upTo: Self.answerBytesMax)
    let answer = Answer(
      status: Int(response.status.code), headers: response.headers,
      bytes: Array(content.readableBytesView))
    OpenAPIDocument.shared.expectDocumented(method.rawValue, path, answer)
    return answer
  }
}

/// What came back.
struct Answer: Sendable {
  let status: Int
  let headers: HTTPHeaders
  let bytes: [UInt8]

  var text: String { String(decoding: bytes, as: UTF8.self) }
  var json: JSON? { try? JSON(parsing: bytes) }
  var items: [JSON] { self["items"]?.elements ?? [] }

  subscript(_ name: String) -> JSON? { json?[name] }

  func header(_ name: String) -> String? { headers.first(name: name) }

  /// The pointers of everything that is wrong, in order.
  var pointers: [String] {
    (self["errors"]?.elements ?? []).compactMap { $0["pointer"]?.stringValue }
  }

  /// Holds the answer against RFC 9457 and our own additions to it.
  func expectProblem(
    _ status: Int, _ code: String, at pointers: [String]? = nil, on path: String? = nil,
    _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard self.status == status else {
      Issue.record(
        "\(self.status): \(text) \(comment.map { "(\($0))" } ?? "")",
        sourceLocation: sourceLocation)
      return
    }
    #expect(
      header("content-type") == "application/problem+json", comment, sourceLocation: sourceLocation)
    let members: [String: JSON] = [
      "type": .string("urn:usance:problem:\(code)"), "status": .integer(status),
      "code": .string(code),
    ]
    for (name, value) in members {
      #expect(self[name] == value, comment, sourceLocation: sourceLocation)
    }
    for name in ["title", "detail", "instance"] {
      #expect(self[name]?.stringValue?.isEmpty == false, comment, sourceLocation: sourceLocation)
    }
    if let path {
      #expect(self["instance"] == .string(path), comment, sourceLocation: sourceLocation)
    }
    if let pointers {
      #expect(self.pointers == pointers, comment, sourceLocation: sourceLocation)
    }
  }
}
