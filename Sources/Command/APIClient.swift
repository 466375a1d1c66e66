import AsyncHTTPClient
import Base
import Foundation
import NIOCore
import NIOHTTP1

/// A user of the HTTP API with a token.
struct APIClient: Sendable {
  static let batchType = "application/cloudevents-batch+json"
  private static let answerBytesMax = 16 << 20

  private let address: String
  private let token: String

  init(_ address: String, token: String) {
    self.address = address
    self.token = token
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

  private func send(
    _ method: HTTPMethod, _ path: String, _ body: [UInt8]?, type: String?
  ) async throws -> JSON {
    var request = HTTPClientRequest(url: address + path)
    request.method = method
    request.headers.add(name: "Authorization", value: "Bearer \(token)")
    if let type { request.headers.add(name: "Content-Type", value: type) }
    if let body { request.body = .bytes(body) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
    let answer = try await response.body.collect(upTo: Self.answerBytesMax)
    let text = Array(answer.readableBytesView)
    guard (200..<300).contains(response.status.code) else {
      throw Fault(
        .internalError,
        """
        \(method.rawValue) \(path): \(response.status.code) \
        \(String(decoding: text, as: UTF8.self))
        """
      )
    }
    return text.isEmpty ? .null : try JSON(parsing: text)
  }
}
