import Base

/// Reads and writes the catalogue of a service as a whole.
struct CatalogDesk {
  private let client: APIClient

  init(_ client: APIClient) { self.client = client }

  func plan(_ files: CatalogFiles) async throws -> CatalogPlan {
    let answer = try await client.answer(
      toPosting: files.document.bytes, at: "/v1/catalog?dry-run=true", type: "application/json")
    try CatalogDesk.refuse(answer, files)
    return CatalogPlan(try JSON(parsing: answer.body), seen: answer.entityTag)
  }

  /// Applies what was planned, unless somebody has changed the catalogue since.
  func apply(_ files: CatalogFiles, _ plan: CatalogPlan) async throws {
    let answer = try await client.answer(
      toPosting: files.document.bytes, at: "/v1/catalog", type: "application/json",
      ifMatch: plan.seen)
    try CatalogDesk.refuse(answer, files)
  }

  func export() async throws -> JSON { try await client.get("/v1/catalog") }

  private static func refuse(_ answer: APIClient.Answer, _ files: CatalogFiles) throws {
    guard !(200..<300).contains(answer.status) else { return }
    let problem = (try? JSON(parsing: answer.body)) ?? .null
    let errors = problem["errors"]?.elements ?? []
    guard !errors.isEmpty else {
      throw Fault(.internalError, problem["detail"]?.stringValue ?? "\(answer.status)")
    }
    throw files.complaints(
      errors.map { error in
        Fault(
          error["code"]?.stringValue.flatMap(Fault.Code.init(rawValue:)) ?? .invalidValue,
          error["detail"]?.stringValue ?? "", at: error["pointer"]?.stringValue ?? "")
      })
  }
}
