import Foundation
import TestSupport
import Testing

/// A client that a published generator writes from openapi.yaml calls the real server.
@Suite(
  .enabled(
    if: GeneratedClient.isInstalled,
    "openapi-python-client is not installed; `make test` installs it where PyPI can be reached"))
struct GeneratedClientTests {
  @Test func aGeneratedClientBillsAMonth() throws {
    let desk = try EngineDesk()
    try GeneratedClient.generate(in: desk.folder)
    let lines = try GeneratedClient.call(desk)
    #expect(
      lines == [
        "put_customer 201 StoredCustomer", "put_meter 201 StoredNumberMeter",
        "get_meter 200 StoredNumberMeter", "put_meter 200 StoredNumberMeter", "version 1 1",
        "put_contract 201 StoredContract", "put_asset 201 StoredAsset",
        "accepted 3 unmatched 0",
        "list_events 200 EventPage", "stone-1 1, stone-1 2, stone-1 3",
        "get_usage 200 Usage", "6 t mill 0 stone-1 6",
        "run_billing 200 MonthBillingRunResult", "milling~2013-01 drafted 115.00",
        "run_billing 200 DayBillingRunResult", "milling~2013-01 unchanged 115.00",
        "finalise_invoice 200 Invoice",
        "list_invoices 200 InvoicePage", "INV-000001 115.00",
        "get_invoice 200 Invoice", "flour 15.00, rent 100.00",
        "get_invoice 404 Problem", "not_found",
      ])
  }
}

/// The Python package `openapi-python-client`, and the client that it writes.
enum GeneratedClient {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
  private static let package = folder.deletingLastPathComponent().deletingLastPathComponent()
  private static let python = package.appending(
    path: ".build/conformance/openapi-python-client/bin/python")

  static let isInstalled = FileManager.default.isExecutableFile(atPath: python.path)

  /// Writes a client. A warning fails too: it names a part of the document that clients would lack.
  static func generate(in folder: TemporaryFolder) throws {
    let child = try ChildProcess(
      python.path,
      [
        "-m", "openapi_python_client", "generate", "--fail-on-warning",
        "--path", package.appending(path: "openapi.yaml").path,
        "--config", Self.folder.appending(path: "Python/openapi-python-client.yaml").path,
        "--output-path", folder.path("client"),
      ], output: folder.path("generated"), errors: folder.path("complaints"))
    try #require(child.wait(secondsMax: 120) == .exit(0), "\(folder.text("complaints"))")
  }

  /// Calls the server with the client; the lines that the script printed.
  static func call(_ desk: EngineDesk) throws -> [String] {
    let child = try ChildProcess(
      python.path,
      [
        folder.appending(path: "Python/call_generated_client.py").path,
        desk.folder.path("client"), desk.address, try desk.token("operator"),
      ], output: desk.folder.path("called"), errors: desk.folder.path("complaints"))
    try #require(child.wait(secondsMax: 120) == .exit(0), "\(desk.folder.text("complaints"))")
    return desk.folder.text("called").split(separator: "\n").map(String.init)
  }
}
