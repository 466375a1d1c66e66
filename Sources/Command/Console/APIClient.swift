import AsyncHTTPClient
package import Base
import Foundation
import NIOCore
import NIOHTTP1

/// A user of the HTTP API with a token.
package struct APIClient: Sendable {
  package static let batchType = "application/cloudevents-batch+json"
  private static let answerBytesMax = 64 << 20

  /// How long billing a part of a large fleet may take: the HTTP client gives up on a server that
  /// has been silent for so long.
  package static let runSecondsMax: Int64 = 90

  /// Like the shared client of the package, but that it says at once that nobody listens: that one
  /// tries again until the time for the whole request is over.
  private static let http: HTTPClient = {
    var configuration = HTTPClient.Configuration.singletonConfiguration
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.timeout.connect = .seconds(5)
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }()

  private let address: String
  private let token: String
  /// How long an answer may take.
  private let timeoutSeconds: Int64

  package init(_ address: String, token: String, timeoutSeconds: Int64 = 60) {
    self.address = address
    self.token = token
    self.timeoutSeconds = timeoutSeconds
  }

  package func get(_ path: String) async throws -> JSON {
    try await send(.GET, path, nil, type: nil)
  }

  /// For what is no JSON.
  package func text(_ path: String) async throws -> String {
    let answer = try await exchange(.GET, path, nil, type: nil)
    guard answer.status == 200 else { throw answer.fault(of: "GET", path) }
    return String(decoding: answer.body, as: UTF8.self)
  }

  package func put(_ path: String, _ document: JSON) async throws -> JSON {
    try await send(.PUT, path, document.bytes, type: "application/json")
  }

  package func post(_ path: String) async throws -> JSON {
    try await send(.POST, path, nil, type: nil)
  }

  package func post(_ path: String, _ document: JSON) async throws -> JSON {
    try await send(.POST, path, document.bytes, type: "application/json")
  }

  package func post(_ path: String, _ body: [UInt8], type: String) async throws -> JSON {
    try await send(.POST, path, body, type: type)
  }

  /// What the server said, whatever it was.
  package struct Answer {
    package let status: UInt
    package let retryAfterSeconds: Int?
    package let entityTag: String?
    package let body: [UInt8]

    /// What went wrong, for the person who asked.
    package func fault(of method: String, _ path: String) -> Fault {
      let code = (try? JSON(parsing: body))?["code"]?.stringValue
      let place = path.split(separator: "?").first.map(String.init) ?? path
      return Fault(
        code.flatMap(Fault.Code.init(rawValue:)) ?? .internalError,
        complaint ?? "\(method) \(place) answers \(status) without a reason; look at what stands "
          + "between here and the service")
    }

    /// What a problem says, for people: its sentence, and the places where several things are
    /// wrong. Nil where it is none.
    package var complaint: String? {
      guard let problem = try? JSON(parsing: body), let detail = problem["detail"]?.stringValue
      else { return nil }
      let faults = problem["errors"]?.elements ?? []
      guard faults.count > 1 else { return detail }
      return detail
        + faults.map { fault in
          "\n  \(fault["pointer"]?.stringValue ?? "") \(fault["detail"]?.stringValue ?? "")"
        }.joined()
    }
  }

  /// Posts, and leaves it to the caller what to make of the answer. `ifMatch` is the tag of what
  /// must still be there.
  package func answer(
    toPosting body: [UInt8], at path: String, type: String, ifMatch tag: String? = nil
  ) async throws -> Answer {
    try await exchange(.POST, path, body, type: type, ifMatch: tag)
  }

  // Inlined into its callers, it makes the optimiser of Swift 6.3.1 fail ("splitting coroutine").
  @inline(never)
  private func exchange(
    _ method: HTTPMethod, _ path: String, _ body: [UInt8]?, type: String?,
    ifMatch tag: String? = nil
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: address + path)
    request.method = method
    request.headers.add(name: "Authorization", value: "Bearer \(token)")
    if let type { request.headers.add(name: "Content-Type", value: type) }
    if let tag { request.headers.add(name: "If-Match", value: tag) }
    if let body { request.body = .bytes(body) }
    let (response, answer) = try await exchange(request)
    return Answer(
      status: response.status.code,
      retryAfterSeconds: response.headers.first(name: "Retry-After").flatMap { Int($0) },
      entityTag: response.headers.first(name: "ETag"),
      body: Array(answer.readableBytesView))
  }

  private func exchange(
    _ request: HTTPClientRequest
  ) async throws -> (HTTPClientResponse, ByteBuffer) {
    do {
      let response = try await Self.http.execute(request, timeout: .seconds(timeoutSeconds))
      return (response, try await response.body.collect(upTo: Self.answerBytesMax))
    } catch {
      throw Unreachable(address, error, secondsMax: timeoutSeconds) ?? error
    }
  }

  @inline(never)
  private func send(
    _ method: HTTPMethod, _ path: String, _ body: [UInt8]?, type: String?
  ) async throws -> JSON {
    let answer = try await exchange(method, path, body, type: type)
    guard (200..<300).contains(answer.status) else {
      throw answer.fault(of: method.rawValue, path)
    }
    return answer.body.isEmpty ? .null : try JSON(parsing: answer.body)
  }
}
