import Base
import Foundation
import TestSupport
import Testing

/// The published schema in the hands of a validator that others have written.
@Suite(
  .enabled(
    if: CatalogValidator.isInstalled,
    "jsonschema is not installed; `make test` installs it where PyPI can be reached"))
struct CatalogSchemaTests {
  @Test func soundCatalogsAreValid() throws {
    var catalogs = RandomCatalog(seed: SeededRandom.runSeed)
    let verdicts = try CatalogValidator.verdicts((0..<300).map { _ in catalogs.next() })
    #expect(verdicts == Array(repeating: "valid", count: 300))
  }

  /// What is put into a sound catalog, and where the validator finds it.
  @Test func plantedFaultsAreFound() throws {
    let faults: [(path: [String], value: JSON?, place: String)] = [
      (["planes"], .object([]), "/"), (["customers", "acme", "zzz"], 1, "/customers/acme"),
      (["customers", "acme", "name"], nil, "/customers/acme"),
      (["customers", "acme", "name"], 7, "/customers/acme/name"),
      (["customers", "a b"], ["name": "A"], "/customers"),
      (["customers", "acme", "version"], 2, "/customers/acme"),
      (["meters", "time", "aggregation"], "guess", "/meters/time"),
      (["indexSeries", "labour", "places"], "1", "/indexSeries/labour/places"),
      (["indexSeries", "labour", "publications"], "a.txt", "/indexSeries/labour/publications"),
      (["taxes", "vat", "category"], "X", "/taxes/vat/category"),
      (["contracts", "c-1", "currency"], nil, "/contracts/c-1"),
      (["contracts", "c-1", "currency"], "EURO", "/contracts/c-1/currency"),
      (["contracts", "c-1", "clauses"], [["key": "a"]], "/contracts/c-1/clauses/0"),
      (["contracts", "c-1", "slots"], [""], "/contracts/c-1/slots/0"),
      (["assets", "N1", "assignments"], [["from": "x"]], "/assets/N1/assignments/0"),
    ]
    var catalogs = RandomCatalog(seed: SeededRandom.runSeed)
    let documents = faults.map { Self.planting($0.value, at: $0.path[...], in: catalogs.next()) }
    for (verdict, fault) in zip(try CatalogValidator.verdicts(documents), faults) {
      #expect(verdict.split(separator: " ").contains(fault.place[...]), "\(verdict) \(fault)")
    }
  }

  private static func planting(_ value: JSON?, at path: ArraySlice<String>, in json: JSON) -> JSON {
    guard let name = path.first, case .object(let members) = json else { return value ?? .null }
    let rest = path.dropFirst()
    let new = rest.isEmpty ? value : planting(value, at: rest, in: json[name] ?? .null)
    return .object(
      members.filter { $0.name != name } + (new.map { [JSON.Member(name, $0)] } ?? []))
  }
}

/// The Python package `jsonschema`, run over files.
enum CatalogValidator {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
  private static let package = folder.deletingLastPathComponent().deletingLastPathComponent()
  private static let python = package.appending(path: ".build/conformance/jsonschema/bin/python")

  static let isInstalled = FileManager.default.isExecutableFile(atPath: python.path)

  /// For each document `valid`, or the places of what is wrong with it.
  static func verdicts(_ documents: [JSON]) throws -> [String] {
    let folder = try TemporaryFolder()
    let lines = documents.map { $0.text + "\n" }.joined()
    try Data(lines.utf8).write(to: URL(filePath: folder.path("documents")))
    let child = try ChildProcess(
      python.path,
      [
        Self.folder.appending(path: "Python/validate_catalogs.py").path,
        package.appending(path: "catalog.schema.json").path, folder.path("documents"),
      ], output: folder.path("verdicts"), errors: folder.path("complaints"))
    try #require(child.wait(secondsMax: 120) == .exit(0), "\(folder.text("complaints"))")
    return folder.text("verdicts").split(separator: "\n").map(String.init)
  }
}
