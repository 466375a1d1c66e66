import Access
import Base
import Foundation
import NIOHTTP1
import Testing

/// What finance does, call by call.
extension TestService {
  /// The results of a billing run, by contract.
  func bill(_ month: String, customer: String? = nil) async throws -> [JSON] {
    let answer = try await client(.finance).post(
      "/v1/billing-runs",
      .object(["month": .string(month), "customer": customer.map(JSON.string)]))
    try #require(answer.status == 200, "\(answer.text)")
    return answer["results"]?.elements ?? []
  }

  /// Finalises an invoice. Where it is held, it is released before: what tests of other things post
  /// need not be plausible.
  func finalise(_ key: String) async throws -> Answer {
    let answer = try await finaliseAsItIs(key)
    guard answer["code"] == "invoice_held" else { return answer }
    try await settled("invoices/\(key)/release", ["reason": "a test"])
    return try await finaliseAsItIs(key)
  }

  func finaliseAsItIs(_ key: String) async throws -> Answer {
    try await client(.finance).send(.POST, "/v1/invoices/\(key)/finalise")
  }

  func invoice(_ key: String) async throws -> Answer {
    try await client(.finance).get("/v1/invoices/\(key)")
  }

  /// A call of finance that makes money, with an idempotency key or without.
  func settle(_ path: String, _ document: JSON, key: String? = nil) async throws -> Answer {
    try await client(.finance).send(
      .POST, "/v1/\(path)", .bytes(document.bytes), type: "application/json",
      headers: key.map { [("Idempotency-Key", $0)] } ?? [])
  }

  /// The same where it must go well.
  @discardableResult
  func settled(_ path: String, _ document: JSON) async throws -> Answer {
    let answer = try await settle(path, document)
    try #require([200, 201].contains(answer.status), "\(path): \(answer.text)")
    return answer
  }

  /// The lines of an invoice, `key amount` each.
  func lines(_ key: String) async throws -> [String] {
    let lines = try await invoice(key)["document"]?["lines"]?.elements ?? []
    return lines.map { "\($0["key"]?.stringValue ?? "-") \($0["amount"]?.stringValue ?? "-")" }
  }

  /// The ledger, an entry a line: `finalised receivable 110.00, revenue.usage -110.00`.
  func ledger() async throws -> [String] {
    try await client(.finance).everything(in: "/v1/ledger").map { entry in
      let postings = (entry["postings"]?.elements ?? []).map { posting in
        let amount = posting["debit"]?.stringValue ?? "-\(posting["credit"]?.stringValue ?? "?")"
        return "\(posting["account"]?.stringValue ?? "-") \(amount)"
      }
      return "\(entry["kind"]?.stringValue ?? "-"): \(postings.joined(separator: ", "))"
    }
  }

  /// The text of the document inside an answer, byte for byte as it was sent.
  static func document(in answer: Answer) throws -> [UInt8] {
    let start = try #require(answer.text.range(of: "\"document\":")).upperBound
    return Array(answer.text[start...].dropLast().utf8)
  }
}
