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

  func finalise(_ key: String) async throws -> Answer {
    try await client(.finance).send(.POST, "/v1/invoices/\(key)/finalise")
  }

  func invoice(_ key: String) async throws -> Answer {
    try await client(.finance).get("/v1/invoices/\(key)")
  }

  /// The text of the document inside an answer, byte for byte as it was sent.
  static func document(in answer: Answer) throws -> [UInt8] {
    let start = try #require(answer.text.range(of: "\"document\":")).upperBound
    return Array(answer.text[start...].dropLast().utf8)
  }
}
