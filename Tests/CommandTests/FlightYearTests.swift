import Base
import Console
import Foundation
import Gzip
import TestSupport
import Testing

@testable import Command

/// What is only much is not held: a year of real flights, billed month by month over HTTP by the
/// real binary, as the demo agrees on it.
///
/// Two of the demo's three airlines in `make test`; `USANCE_FLIGHTS=all` takes DL as well, whose
/// 48,110 flights need a minute.
@Suite struct FlightYearTests {
  /// Those of domain, section 7; DL's is that of Scripts/recompute-flights.py.
  private static let totals = ["9E": "5490783.04", "DL": "25628004.44", "HA": "576779.84"]
  private static let carriers =
    ProcessInfo.processInfo.environment["USANCE_FLIGHTS"] == "all"
    ? ["9E", "DL", "HA"] : ["9E", "HA"]

  @Test func ofTheDemosFlightsNothingIsHeld() async throws {
    let flights = try DemoFlights(
      Self.flights().filter { Self.carriers.contains($0.carrier) })
    let folder = try TemporaryFolder()
    let server = try ServerProcess(folder)
    func client(_ role: String) throws -> APIClient {
      try APIClient(
        "http://127.0.0.1:\(server.port)", token: ServerProcess.token(role, folder))
    }
    try await DemoCatalog(flights).put(with: client("operator")) { _ in }
    try await Self.post(flights.batches(), with: client("device"))
    let finance = try client("finance")
    var totals: [String: Int128] = [:]
    for month in BillingMonth.all(in: try BillingMonth("2013-01")...BillingMonth("2013-12")) {
      let run = try await finance.post(
        "/v1/billing-runs", ["month": .text(month), "finalise": true])
      let keys = (run["results"]?.elements ?? []).compactMap { $0["invoice"]?.stringValue }
      #expect(keys.count == 3, "\(run.text)")
      for key in keys {
        let invoice = try await finance.get("/v1/invoices/\(key)")
        #expect(invoice["status"] == "final", "\(key) \(invoice["status"]?.text ?? "-")")
        // That an aircraft did not come to New York in a month is told, and holds nothing.
        let others = (invoice["reasons"]?.elements ?? []).filter {
          $0["code"] != "silent_meter" || $0["holds"] != false
        }
        #expect(others == [], "\(key)")
        totals[String(key.prefix(2)), default: 0] += try Fixed(
          invoice["total"]?.stringValue ?? ""
        ).units
      }
    }
    let held = try await finance.get("/v1/invoices?held=true")
    #expect(held["items"]?.elements == [])
    for carrier in Self.carriers {
      #expect(totals[carrier] == (try Fixed(Self.totals[carrier]!).units), "\(carrier)")
    }
  }

  private static func flights() throws -> [Flight] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Flights/flights-2013.columns.gz")
    return try FlightColumns.flights(
      in: Inflater.bytes(of: Array(Data(contentsOf: file)), byteCountMax: 2_000_000))
  }

  /// Over two connections.
  private static func post(_ batches: [JSON], with device: APIClient) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for half in 0...1 {
        group.addTask {
          for batch in batches.enumerated() where batch.offset % 2 == half {
            let answer = try await device.post(
              "/v1/events", batch.element.bytes, type: APIClient.batchType)
            #expect(answer["rejected"] == 0)
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
