import Base
import Contracts
import GRDB
import Settlement
import Synchronization
import TestSupport
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

/// What is kept is proven, and what was altered behind our back is found and named.
struct VerificationTests {
  /// Two months of one contract, both final; the second carries a correction of the first.
  private func settled() async throws -> Workspace {
    let workspace = try Workspace()
    try workspace.agree()
    _ = try await workspace.post([Workspace.event("1", seconds: 7200)])
    try bill("2013-01", workspace, at: "2013-06-01T00:00:00Z")
    _ = try await workspace.post([
      Workspace.event("2", seconds: 3600),
      Workspace.event("3", seconds: 1800, time: "2013-02-10T12:00:00Z"),
      Workspace.correction("c", of: "1", amend: ["data": ["seconds": 10_800]]),
    ])
    try bill("2013-02", workspace, at: "2013-06-02T00:00:00Z")
    // What comes behind both of them is on neither.
    _ = try await workspace.post([
      Workspace.event("4", seconds: 60, time: "2013-02-11T12:00:00Z"),
      Workspace.correction("d", of: "2", time: "2013-02-03T00:00:00Z"),
    ])
    return workspace
  }

  private func bill(_ month: String, _ workspace: Workspace, at time: String) throws {
    let now = Instant(time)!
    _ = try workspace.billing.run(BillingMonth(month), now: now)
    _ = try workspace.finalise(InvoiceKey("hours-1~\(month)"), now: now.advanced(bySeconds: 60))
  }

  private func report(_ workspace: Workspace) throws -> Verification.Report {
    try Verification(workspace.folder, workspace.zones).run()
  }

  /// Changes something as a disk or a person would, past every trigger.
  private func alter(_ workspace: Workspace, _ statement: String) throws {
    try workspace.store.pool.write { db in
      let count = try db.changePastTriggers(statement)
      #expect(count == 1, "\(statement)")
    }
  }

  @Test("what nobody touched is as it was, whatever came in since")
  func sound() async throws {
    let workspace = try await settled()
    #expect(
      try workspace.settlement.invoice(InvoiceKey("hours-1~2013-02")).total.description == "252.00")
    let report = try report(workspace)
    #expect(report.findings == [])
    #expect(report.invoices == 2)
    // Drafted, finalised and booked twice; the second was held before, and released.
    #expect(report.entries == 7)
    #expect(report.pages == 3)
    #expect(report.passes == 1)
  }

  /// Seven months, each final before the next one's events come: late ones, corrections of what is
  /// billed, of what has not come yet and of what was corrected before; and other agreements.
  private func sevenMonths() async throws -> Workspace {
    let workspace = try Workspace()
    try workspace.agree()
    for month in 1...7 {
      let day = "2013-0\(month)"
      _ = try await workspace.post([
        Workspace.event("\(month)", seconds: Int64(month * 1000), time: "\(day)-10T12:00:00Z"),
        Workspace.event(
          "late \(month)", seconds: 360, time: "2013-0\(max(month - 1, 1))-11T12:00:00Z"),
        Workspace.correction(
          "a\(month)", of: "\(max(month - 1, 1))", amend: ["data": ["seconds": 720]],
          time: "2013-08-01T00:00:0\(month)Z"),
        Workspace.correction("b\(month)", of: "late \(month + 1)", time: "2013-08-02T00:00:00Z"),
        Workspace.correction(
          "c\(month)", of: "late \(max(month - 2, 1))", amend: ["data": ["seconds": 100]],
          time: "2013-08-03T00:00:0\(month)Z"),
      ])
      let now = Instant("2013-09-0\(month)T00:00:00Z")!
      if month == 3 {
        _ = try workspace.catalogs.put(
          .meter, "runs",
          [
            "aggregation": "uniqueCount", "eventTypes": ["ran"], "unit": "runs",
            "value": "/seconds",
          ],
          expecting: nil, now: now)
        while try workspace.home.countMeters() {}
      }
      if month == 5 {
        _ = try workspace.catalogs.put(
          .customer, "airline", ["name": "The airline"], expecting: nil, now: now)
      }
      try bill(day, workspace, at: "2013-09-0\(month)T12:00:00Z")
    }
    return workspace
  }

  @Test("invoices of many moments are rated again in one pass over the log")
  func onePass() async throws {
    let workspace = try await sevenMonths()
    let report = try report(workspace)
    #expect(report.findings == [])
    #expect(report.invoices == 7)
    #expect(report.passes == 1)
  }

  @Test("events that come meanwhile are no findings")
  func besideTheService() async throws {
    let workspace = try await settled()
    let posted = Mutex(0)
    async let all: Void = {
      for count in 1...10 {
        let events = (0..<20).map { place in
          Workspace.event(
            "\(count)-\(place)", time: "2013-01-\(10 + count)T0\(place % 10):00:00Z",
            subject: place == 0 ? "engine" : "engine \(count) \(place)")
        }
        _ = try await workspace.post(events)
        posted.withLock { $0 += 1 }
      }
    }()
    repeat { #expect(try report(workspace).findings == []) } while posted.withLock { $0 } < 10
    try await all
  }

  @Test("an event that was altered is found in the invoice that rests on it, and not before")
  func onePassFinds() async throws {
    let workspace = try await sevenMonths()
    try alter(
      workspace,
      "UPDATE catalog_object SET document = replace(document, '100.00', '101.00') "
        + "WHERE kind = 'contract'")
    let report = try report(workspace)
    #expect(report.passes == 1)
    #expect(report.findings.count == 8, "\(report.findings)")
    #expect(
      report.findings[0] == "the document of contract hours-1, version 1 is not what was written")
  }

  @Test("what was settled behind the end of a contract is rated again as well")
  func behindTheEnd() async throws {
    let workspace = try Workspace()
    try workspace.agree()
    guard
      case .object(let members) = workspace.catalogs.current.catalog
        .contracts[try ContractKey("hours-1")]?.json
    else { return }
    try workspace.put(.contract, "hours-1", .object(members + [.init("until", "2013-02-01")]))
    _ = try await workspace.post([Workspace.event("1", seconds: 7200)])
    try bill("2013-01", workspace, at: "2013-06-01T00:00:00Z")
    _ = try await workspace.post([Workspace.event("2", seconds: 3600)])
    try bill("2013-02", workspace, at: "2013-06-02T00:00:00Z")
    #expect(
      try workspace.settlement.invoice(InvoiceKey("hours-1~2013-02")).total.description == "101.00")
    let report = try report(workspace)
    #expect(report.findings == [])
    #expect(report.invoices == 2)
  }

  @Test(
    "one altered byte is found and named",
    arguments: [
      (
        "UPDATE event_page SET body = "
          + "CAST(substr(body, 1, 10) || x'7F' || substr(body, 12) AS BLOB) WHERE first = 1",
        "the page of the log from event 1 on is damaged"
      ),
      (
        "UPDATE invoice SET document = replace(document, '\"amount\":\"200.00\"', "
          + "'\"amount\":\"300.00\"') WHERE sequence = 1",
        "the document of INV-000001 is not what was issued"
      ),
      (
        "UPDATE ledger_entry SET body = replace(body, '201.00', '202.00') WHERE sequence = 1",
        "ledger entry 1 is not what was written"
      ),
      (
        "UPDATE ledger_posting SET debit = debit + 1 WHERE entry = 2 AND account = 'receivable'",
        "the postings of ledger entry 2 are not what it says"
      ),
      (
        "UPDATE invoice_event SET body = replace(body, 'finance', 'Finance') WHERE sequence = 2",
        "invoice event 2 is not what was written"
      ),
      ("UPDATE number_series SET last = 3", "INV-000003 is missing"),
    ])
  func altered(statement: String, finding: String) async throws {
    let workspace = try await settled()
    try alter(workspace, statement)
    #expect(try report(workspace).findings.contains(finding))
  }

  @Test("a bucket that the log does not confirm is named")
  func bucket() async throws {
    let workspace = try await settled()
    try alter(workspace, "UPDATE bucket SET units_low = units_low + 1 WHERE units_low = 1800")
    #expect(
      try report(workspace).findings == [
        "the bucket of time, engine, 2013-02-10T12:00:00Z is not what the log says"
      ])
  }

  /// Whoever changes a document together with its digest still has to change what it rests on.
  @Test("an invoice that no event confirms is named, with the place")
  func invoiceOfNothing() async throws {
    let workspace = try await settled()
    try alter(
      workspace,
      "UPDATE invoice SET document = replace(document, '\"quantity\":\"2\"', "
        + "'\"quantity\":\"9\"') WHERE sequence = 1")
    // The invoice behind it rests on what it says was billed, and is named too.
    let named = #"says "9" at /lines/0/quantity; rated again it is "2""#
    #expect(
      try report(workspace).findings.contains("INV-000001 (`hours-1~2013-01`) \(named)"))
  }
}
