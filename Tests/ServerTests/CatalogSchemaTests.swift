import Access
import Base
import Foundation
import TestSupport
import Testing

@Suite("The JSON Schema of a catalog")
struct CatalogSchemaTests {
  /// `make schema` writes it anew.
  @Test("The published file is what openapi.yaml says")
  func file() throws {
    let text = try CatalogSchema().text
    if ProcessInfo.processInfo.environment["USANCE_WRITE_SCHEMA"] != nil {
      try text.write(to: CatalogSchema.file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: CatalogSchema.file, encoding: .utf8) == text)
  }

  @Test("The server serves it to everybody")
  func served() async throws {
    try await TestService.run { service in
      let answer = try await service.client(.none).get("/catalog.schema.json")
      #expect(answer.status == 200)
      #expect(answer.bytes == Array(try CatalogSchema().text.utf8))
    }
  }

  /// Puts a member nobody knows into every object that the schema has: the readers answer with the
  /// names that they do know.
  @Test("The readers know the fields of the schema, and no others")
  func bothWays() async throws {
    let schema = try CatalogSchema()
    var random = SeededRandom(seed: SeededRandom.runSeed)
    var written: [String: Set<String>] = [:]
    var read: [String: Set<String>] = [:]
    try await TestService.run { service in
      for _ in 0..<60 {
        var sample = SchemaSample(schema, named: "Catalog", &random)
        let answer = try await service.client(.operator).post(
          "/v1/catalog?dryRun=true", sample.document)
        try #require(answer.status == 422, "\(answer.text)")
        for (place, names) in sample.names { written[place, default: []].formUnion(names) }
        for error in answer["errors"]?.elements ?? [] where error["code"] == "unknown_field" {
          let (pointer, names) = Self.known(error)
          guard let place = sample.places.removeValue(forKey: pointer) else { continue }
          read[place, default: []].formUnion(names)
        }
      }
    }
    for place in Set(written.keys).union(read.keys).sorted() {
      #expect(read[place] == written[place], "\(place)")
    }
    #expect(written.count > 20, "every object of the schema was there: \(written.keys.sorted())")
  }

  /// The object an unknown name was found in, and the names that are known there.
  private static func known(_ error: JSON) -> (pointer: String, names: [String]) {
    let pointer = error["pointer"]?.stringValue ?? ""
    let list = error["detail"]?.stringValue?.split(separator: "; expected one of ").last ?? ""
    return (
      String(pointer.dropLast(SchemaSample.stranger.count + 1)),
      list.split(separator: ", ").map(String.init)
    )
  }
}
