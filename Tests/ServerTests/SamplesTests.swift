import Access
import Base
import Foundation
import TestSupport
import Testing
import YAML

@Suite("The sample contracts")
struct SamplesTests {
  /// Every file of Documentation/Samples.
  static let files = Result {
    try FileManager.default.contentsOfDirectory(
      at: OpenAPIDocument.file.deletingLastPathComponent().appending(
        path: "Documentation/Samples"),
      includingPropertiesForKeys: nil
    ).filter { $0.pathExtension == "yaml" }.sorted { $0.path < $1.path }
  }

  /// Whoever copies one must be able to begin with it.
  @Test("Each can be applied as it is, changes nothing the second time, and is billed")
  func apply() async throws {
    let files = try Self.files.get()
    #expect(files.count == 4)
    for file in files {
      let catalog = try YAMLDocument(String(contentsOf: file, encoding: .utf8)).json
      try await TestService.run(at: "2026-05-02T12:00:00Z") { service in
        let `operator` = service.client(.operator)
        let first = try await `operator`.post("/v1/catalog", catalog)
        try #require(first.status == 200, "\(file.lastPathComponent): \(first.text)")
        #expect(try await `operator`.post("/v1/catalog", catalog)["changes"] == [])
        for month in ["2026-01", "2026-04"] {
          let results = try await service.bill(month)
          #expect(
            results.map { $0["outcome"] } == ["drafted"],
            "\(file.lastPathComponent): \(JSON.array(results).text)")
        }
        guard case .object(let contracts) = catalog["contracts"] else { return }
        let invoice = try await service.invoice("\(contracts[0].name)~2026-04")
        #expect(
          try InvoiceInvariants.complaints(about: invoice["document"] ?? .null) == [],
          "\(file.lastPathComponent)")
      }
    }
  }
}
