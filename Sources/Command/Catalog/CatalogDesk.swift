import Base
import Console

/// Reads and writes the catalog of a service as a whole.
struct CatalogDesk {
  private let client: APIClient

  init(_ client: APIClient) { self.client = client }

  func plan(_ files: CatalogFiles) async throws -> CatalogPlan {
    let answer = try await client.answer(
      toPosting: files.document.bytes, at: "/v1/catalog?dryRun=true", type: "application/json")
    try CatalogDesk.refuse(answer, files)
    return CatalogPlan(try JSON(parsing: answer.body), seen: answer.entityTag)
  }

  /// Applies what was planned, unless somebody has changed the catalog since.
  func apply(_ files: CatalogFiles, _ plan: CatalogPlan) async throws {
    let answer = try await client.answer(
      toPosting: files.document.bytes, at: "/v1/catalog", type: "application/json",
      ifMatch: plan.seen)
    try CatalogDesk.refuse(answer, files)
  }

  /// What months would have come to; `files` are the draft, where there is one.
  func simulate(_ question: JSON, _ files: CatalogFiles?) async throws -> JSON {
    let answer = try await client.answer(
      toPosting: question.bytes, at: "/v1/simulations", type: "application/json")
    try CatalogDesk.refuse(answer, files, below: "/catalog")
    return try JSON(parsing: answer.body)
  }

  func export() async throws -> JSON { try await client.get("/v1/catalog") }

  /// `place` is where the files stand in what was sent.
  private static func refuse(
    _ answer: APIClient.Answer, _ files: CatalogFiles?, below place: String = ""
  ) throws {
    guard !(200..<300).contains(answer.status) else { return }
    let problem = (try? JSON(parsing: answer.body)) ?? .null
    let errors = problem["errors"]?.elements ?? []
    let faults = errors.map { error in
      Fault(
        error["code"]?.stringValue.flatMap(Fault.Code.init(rawValue:)) ?? .invalidValue,
        error["detail"]?.stringValue ?? "", at: error["pointer"]?.stringValue ?? "")
    }
    guard let files, !faults.isEmpty, faults.allSatisfy({ $0.pointer.hasPrefix(place) }) else {
      let details = faults.isEmpty ? [problem["detail"]?.stringValue] : faults.map(\.detail)
      let text = details.compactMap(\.self).joined(separator: "; ")
      throw Fault(.internalError, text.isEmpty ? "\(answer.status)" : text)
    }
    throw files.complaints(
      faults.map { Fault($0.code, $0.detail, at: String($0.pointer.dropFirst(place.count))) })
  }
}
