import AsyncHTTPClient
import Base
import Foundation
import NIOCore
import NIOHTTP1

/// A user of the HTTP API with a token.
struct APIClient: Sendable {
  static let batchType = "application/cloudevents-batch+json"
  private static let answerBytesMax = 64 << 20

  /// How long billing a part of a large fleet may take: the HTTP client gives up on a server that
  /// has been silent for so long.
  static let runSecondsMax: Int64 = 90

  private let address: String
  private let token: String
  /// How long an answer may take.
  private let timeoutSeconds: Int64

  init(_ address: String, token: String, timeoutSeconds: Int64 = 60) {
    self.address = address
    self.token = token
    self.timeoutSeconds = timeoutSeconds
  }

  func get(_ path: String) async throws -> JSON {
    try await send(.GET, path, nil, type: nil)
  }

  func put(_ path: String, _ document: JSON) async throws -> JSON {
    try await send(.PUT, path, document.bytes, type: "application/json")
  }

  func post(_ path: String) async throws -> JSON {
    try await send(.POST, path, nil, type: nil)
  }

  func post(_ path: String, _ document: JSON) async throws -> JSON {
    try await send(.POST, path, document.bytes, type: "application/json")
  }

  func post(_ path: String, _ body: [UInt8], type: String) async throws -> JSON {
    try await send(.POST, path, body, type: type)
  }

  /// What the server said, whatever it was.
  struct Answer {
    let status: UInt
    let retryAfterSeconds: Int?
    let entityTag: String?
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// What a problem says, for people: its sentence, and the places where several things are
    /// wrong. Nil where it is none.
    var complaint: String? {
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
  func answer(
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
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(timeoutSeconds))
    let answer = try await response.body.collect(upTo: Self.answerBytesMax)
    return Answer(
      status: response.status.code,
      retryAfterSeconds: response.headers.first(name: "Retry-After").flatMap { Int($0) },
      entityTag: response.headers.first(name: "ETag"),
      body: Array(answer.readableBytesView))
  }

  @inline(never)
  private func send(
    _ method: HTTPMethod, _ path: String, _ body: [UInt8]?, type: String?
  ) async throws -> JSON {
    let answer = try await exchange(method, path, body, type: type)
    guard (200..<300).contains(answer.status) else {
      let said = "\(method.rawValue) \(path): \(answer.status) \(answer.text)"
      throw Fault(.internalError, answer.complaint ?? said)
    }
    return answer.body.isEmpty ? .null : try JSON(parsing: answer.body)
  }
}
