import Access
import Base
import HTTPTypes
import Hummingbird
import Services
import Workflow

/// A request that makes money: it may carry an `Idempotency-Key`, and is then carried out once,
/// however often it is sent. Source: IETF draft, The Idempotency-Key HTTP Header Field.
struct IdempotentRequest: Sendable {
  private static let keyBytesMax = 200

  /// What was sent; an empty object where nothing was and that is allowed.
  private let document: JSON
  private let identity: IdempotencyKey?
  private let call: APICall

  init(_ call: APICall, mayBeEmpty: Bool = false) async throws {
    self.call = call
    let type = MediaTypeName(call.header(.contentType))
    guard type == nil || type == "application/json" else {
      throw Fault(.unsupportedMediaType, "expected Content-Type: application/json")
    }
    let body = try await call.body(bytesMax: Limits.documentBytesMax)
    identity = try IdempotentRequest.identity(call, body)
    document = body.isEmpty && mayBeEmpty ? .object([]) : try await call.json(parsing: body)
  }

  /// Does `act` in one transaction, on a thread that may wait.
  func perform(
    _ act: @escaping @Sendable (Node, any Books) throws -> IdempotentResponse
  ) async throws -> Response {
    try await response(of: .acts) {
      try call.services.settlement.perform(identity, by: name, at: call.now) {
        try act(Node(document), $0)
      }
    }
  }

  /// Does work in many transactions, each of which may be done again without harm.
  func performInParts(
    _ work: @escaping @Sendable (Node) throws -> IdempotentResponse
  ) async throws -> Response {
    try await response(of: .runs) {
      try call.services.settlement.performInParts(identity, by: name, at: call.now) {
        try work(Node(document))
      }
    }
  }

  /// Reads a document that says why, and nothing else.
  static func reason(_ document: Node) throws(Faults) -> String {
    var fields = try FieldReader(document)
    let reason = fields.required("reason", Node.label)
    guard fields.isValid, let reason else { throw fields.failure }
    return reason
  }

  var name: String { call.caller?.subject ?? "" }

  private func response(
    of kind: BlockingPool.Kind, _ work: @escaping @Sendable () throws -> IdempotentResponse
  ) async throws -> Response {
    let answer = try await call.blocking(kind, work)
    return .bytes(
      answer.body.utf8, type: "application/json", status: .init(code: answer.status))
  }

  /// The digest is of the address and the body: the same key for another request is a mistake.
  private static func identity(_ call: APICall, _ body: [UInt8]) throws -> IdempotencyKey? {
    guard let key = call.header(.idempotencyKey) else { return nil }
    guard (1...keyBytesMax).contains(key.utf8.count) else {
      throw Fault(.invalidValue, "`Idempotency-Key` is a text of 1 to \(keyBytesMax) bytes")
    }
    let address = Array("\(call.request.uri.path)?\(call.request.uri.query ?? "")\n".utf8)
    return IdempotencyKey(
      subject: call.caller?.subject ?? "", key: key, request: Digest(of: address + body))
  }
}

extension IdempotentResponse {
  init(_ document: JSON, status: Int = 200) { self.init(status: status, body: document.text) }
}

extension HTTPField.Name {
  static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
}
