import Base
import Foundation
import Metering
import TestSupport
import Testing
import Workflow

@testable import SQLite
@testable import Services
@testable import TimeZones

/// Random histories against a naive model: any order, any repetition, any batches, any restarts.
struct SimulationTests {
  /// 400 in `make test`; `USANCE_HISTORIES=10000` before a release.
  static let histories =
    ProcessInfo.processInfo.environment["USANCE_HISTORIES"].flatMap(Int.init) ?? 400

  private static let windowsAHistory = 6
  private static let complaintsMax = 5

  /// What came of some histories.
  private struct Findings {
    var complaints: [String] = []
    /// How many invoices bill outcomes, and how many take some back.
    var billing = 0
    var reversing = 0

    static func += (all: inout Findings, some: Findings) {
      all.complaints += some.complaints
      all.billing += some.billing
      all.reversing += some.reversing
    }
  }

  @Test("usage and invoices are those of the model, whatever the order of what was sent")
  func historiesAgreeWithModel() async throws {
    let started = ContinuousClock.now
    let zones = ZoneDatabase()
    let findings = try await withThrowingTaskGroup(of: Findings.self) { group in
      let lanes = 2
      for lane in 0..<lanes {
        group.addTask {
          var findings = Findings()
          for number in stride(from: lane, to: Self.histories, by: lanes)
          where findings.complaints.count < Self.complaintsMax {
            findings += try await Self.findings(about: number, zones)
          }
          return findings
        }
      }
      return try await group.reduce(into: Findings()) { $0 += $1 }
    }
    #expect(findings.complaints == [])
    // The histories are about outcomes that become billable, and about some that come back.
    #expect(findings.billing >= Self.histories / 20)
    #expect(findings.reversing >= Self.histories / 200)
    let spent = started.duration(to: .now)
    print(
      "simulation: \(Self.histories) histories, \(spent / Self.histories) each, \(spent) in all; "
        + "\(findings.billing) bill outcomes, \(findings.reversing) take some back")
  }

  /// What of that history was not as it should be; its number and the seed bring it back.
  private static func findings(about number: Int, _ zones: ZoneDatabase) async throws -> Findings {
    var random = SeededRandom(seed: SeededRandom.runSeed &+ UInt64(number) &* 7919)
    let history = History(&random)
    let told = history.telling(&random)
    var model = Model()
    for event in told { model.take(event) }
    model.settle()

    let first = try Telling(history, zones)
    try await first.tell(told, &random)
    let second =
      number.isMultiple(of: 100)
      ? try Telling(history, zones, recentIdentitiesMax: 25) : try Telling(history, zones)
    try await second.tell(history.telling(&random), &random)

    var complaints: [String] = []
    let document = try first.document()
    if try second.document() != document { complaints.append("the order changes the invoice") }
    let (clocks, month) = (history.clocks, history.month)
    let expected = model.invoice(
      history.stretches, year: clocks.start(ofMonth: month - 11),
      month: clocks.start(ofMonth: month), end: clocks.start(ofMonth: month + 1))
    complaints += try InvoiceReading(document).differences(from: expected)
    if try first.conflictCount() != model.conflicts.count { complaints.append("conflicts") }
    complaints += try windows(history, model, [first, second], &random)
    complaints += try meters(history, model, [first, second], &random)
    var findings = try clauses(first, second, &random)
    findings.complaints = (complaints + findings.complaints).map {
      "history \(number), seed \(SeededRandom.runSeed): \($0)"
    }
    return findings
  }

  private static func windows(
    _ history: History, _ model: Model, _ tellings: [Telling], _ random: inout SeededRandom
  ) throws -> [String] {
    var complaints: [String] = []
    for _ in 0..<windowsAHistory {
      let (from, until) = window(history, &random)
      let subject = History.subjects.randomElement(using: &random)!
      let meter = ["time", "runs", "bonus"].randomElement(using: &random)!
      let expected = model.usage(meter, subject, from: from, until: until)
      for telling in tellings {
        let usage = try telling.usage(meter, subject, from: from, until: until)
        if usage != Usage(count: Int64(expected.count), units: Int128(expected.sum)) {
          complaints.append("\(meter) of \(subject), \(from)..<\(until): \(usage), \(expected)")
        }
      }
    }
    return complaints
  }

  private static func meters(
    _ history: History, _ model: Model, _ tellings: [Telling], _ random: inout SeededRandom
  ) throws -> [String] {
    var complaints: [String] = []
    for meter in history.meters {
      for _ in 0..<windowsAHistory / 2 {
        let (from, until) = window(history, &random)
        guard from < until else { continue }
        let subject = History.subjects.randomElement(using: &random)!
        let plain = MeterModel(model, subject, from: from, until: until)
        let cut = Int.random(in: from...until, using: &random)
        for telling in tellings {
          let whole = try telling.metered(meter, subject, [from, until])
          // Cut anywhere, the parts add up to the whole, in whatever order.
          let parts = try telling.metered(meter, subject, [cut, until])
            .adding(telling.metered(meter, subject, [from, cut]))
          let expected = MeterReading(plain, meter)
          let found = try MeterReading(whole, telling.groups(meter, subject, [from, until]))
          if found != expected || parts.usage != whole.usage {
            complaints.append(
              "\(meter) of \(subject), \(from)..<\(cut)..<\(until): \(found), not \(expected), "
                + "in parts \(parts.usage), whole \(whole.usage)")
          }
        }
      }
    }
    return complaints
  }

  /// Whatever was agreed, both tellings make the same of it, and every line explains itself.
  private static func clauses(
    _ first: Telling, _ second: Telling, _ random: inout SeededRandom
  ) throws -> Findings {
    let menu = RandomClauses(
      .init(
        hours: "time", count: "runs", sum: "bonus", states: "up", groups: "tagged",
        outcomes: "outcomes"), year: 2012)
    let clauses = menu.list(&random)
    let later = menu.changed(clauses, &random)
    let day = first.month.firstDay.daysSinceEpoch + random.number(1...27)
    let documents = try [first, second].map { telling in
      try telling.agree(on: clauses, andFrom: CivilDate(daysSinceEpoch: day), on: later)
      return try telling.document()
    }
    let agreed = JSON.array(clauses).text + " then " + JSON.array(later).text
    let invoice = try JSON(parsing: Array(documents[0].utf8))
    var complaints = try InvoiceInvariants.complaints(about: invoice)
    if documents[0] != documents[1] { complaints.append("the order changes the invoice") }
    func has(_ part: String) -> Bool {
      (invoice["lines"]?.elements ?? []).contains { line in
        (line["key"]?.stringValue ?? "").hasSuffix("/\(part)") && line["quantity"] != "0"
      }
    }
    return Findings(
      complaints: complaints.map { "\($0), under \(agreed)" }, billing: has("billed") ? 1 : 0,
      reversing: has("clawback") ? 1 : 0)
  }

  /// A calendar month of any zone, or something between two moments, often close to an event.
  private static func window(_ history: History, _ random: inout SeededRandom) -> (Int, Int) {
    if random.chance(40) {
      let clocks = Clocks.all.randomElement(using: &random)!
      let month = Int.random(in: max(0, history.month - 11)...history.month, using: &random)
      return (clocks.start(ofMonth: month), clocks.start(ofMonth: month + 1))
    }
    let times = (0..<2).map { _ in
      let time = history.events.randomElement(using: &random)!.time
      switch Int.random(in: 0..<4, using: &random) {
      case 0: return time
      case 1: return time + 1
      case 2: return time / 3_600_000_000 * 3_600_000_000
      default: return time + Int.random(in: -4_000_000_000...4_000_000_000, using: &random)
      }
    }.sorted()
    return (times[0], times[1])
  }
}
