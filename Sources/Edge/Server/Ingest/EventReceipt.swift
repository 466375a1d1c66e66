import Base
import HTTPTypes
import Ingestion
import Metering
import Services
import Workflow

/// What became of the events of one request.
struct EventReceipt {
  private struct Notice {
    let index: Int
    let outcome: String
    let fault: Fault

    var json: JSON {
      [
        "index": .integer(index), "outcome": .string(outcome),
        "pointer": .string(fault.pointer), "code": .string(fault.code.rawValue),
        "detail": .string(fault.detail),
      ]
    }
  }

  /// Of each outcome.
  private let noticesMax: Int
  private var notices: [Notice] = []
  private var noticesOmitted = 0
  private var counts: [String: Int] = [:]

  init(noticesMax: Int) { self.noticesMax = noticesMax }

  private var accepted: Int { counts["accepted", default: 0] }
  private var duplicate: Int { counts["duplicate", default: 0] }
  /// New, or known and the same: what the sender need not think of any more.
  var stored: Int { accepted + duplicate }

  /// Adds what became of one part of the request.
  mutating func add(_ intake: Intake, _ outcomes: [AppendResult], to metrics: Metrics) {
    guard !isPlain(intake, outcomes) else {
      counts["accepted", default: 0] += outcomes.count
      metrics.add(outcomes.count, to: .events(outcome: "accepted"))
      return
    }
    var part = EventReceipt(noticesMax: noticesMax)
    part.counts = [
      "accepted": outcomes.count { $0 == .accepted },
      "duplicate": outcomes.count { $0 == .duplicate },
    ]
    for refusal in intake.refusals { part.add("rejected", refusal.index, refusal.fault) }
    for (number, (admitted, outcome)) in zip(intake.admitted, outcomes).enumerated() {
      let index = admitted.event.index
      let place = intake.batch.pointer(to: index)
      switch outcome {
      case .conflicting: part.add("conflicting", index, EventReceipt.conflict(at: place))
      case .accepted where admitted.doubt != nil:
        part.add(
          "unmatched", index,
          EventReceipt.doubt(admitted.doubt!, intake.failures[number] ?? [], at: place))
      default: break
      }
    }
    for (outcome, count) in part.counts {
      metrics.add(count, to: .events(outcome: outcome))
    }
    append(part)
  }

  /// Nearly always every event is new, and there is nothing to say about any.
  private func isPlain(_ intake: Intake, _ outcomes: [AppendResult]) -> Bool {
    intake.refusals.isEmpty && outcomes.allSatisfy { $0 == .accepted }
      && intake.admitted.allSatisfy { $0.doubt == nil }
  }

  private mutating func add(_ outcome: String, _ index: Int, _ fault: Fault) {
    counts[outcome, default: 0] += 1
    notices.append(Notice(index: index, outcome: outcome, fault: fault))
  }

  /// Keeps the notices in the order of their events, and of each outcome no more than the first.
  private mutating func append(_ part: EventReceipt) {
    var places = counts.mapValues { max(0, noticesMax - $0) }
    counts.merge(part.counts) { $0 + $1 }
    for notice in part.notices.sorted(by: { $0.index < $1.index }) {
      let left = places[notice.outcome, default: noticesMax]
      places[notice.outcome] = left - 1
      if left > 0 { notices.append(notice) } else { noticesOmitted += 1 }
    }
  }

  private var failed: [Notice] {
    let rejected = notices.filter { $0.outcome == "rejected" }
    return rejected.isEmpty ? notices.filter { $0.outcome == "conflicting" } : rejected
  }

  /// Where nothing of the request could be counted, the request as a whole has failed.
  var failure: [Fault] { stored == 0 ? failed.map(\.fault) : [] }

  func answer(at address: IngestEndpoint, preferences: [String]) -> CompleteResponse {
    let failed = failed
    if !failure.isEmpty { return Problem(failure).answer(for: address.path) }
    let wish = ReturnPreference(preferences)
    // Who expects no receipt takes any for a failure: what is stored is not one, counted or not.
    let isMinimal =
      wish == nil
      ? address.isMinimalByDefault && failed.isEmpty : wish == .minimal && notices.isEmpty
    var headers = HTTPFields()
    if let wish, isMinimal == (wish == .minimal) {
      headers[.preferenceApplied] = "return=\(wish.rawValue)"
    }
    return isMinimal
      ? CompleteResponse(.noContent, headers: headers) : .json(document, headers: headers)
  }

  private var document: JSON {
    .object(
      ["accepted", "duplicate", "conflicting", "rejected", "unmatched"].map {
        JSON.Member($0, .integer(counts[$0, default: 0]))
      } + [
        JSON.Member("notices", .array(notices.map(\.json))),
        JSON.Member("noticesOmitted", .integer(noticesOmitted)),
      ])
  }

  private static func conflict(at place: String) -> Fault {
    Fault(
      .conflictingEvent,
      "an event with this source and id exists with a different payload; the first one is kept",
      at: place + "/id")
  }

  private static func doubt(
    _ code: Fault.Code, _ failures: [MeterFailure], at place: String
  ) -> Fault {
    switch code {
    case .unknownEventType:
      Fault(code, "kept, but no meter reads events of this type", at: place + "/type")
    case .unreadableValue:
      Fault(
        code, "kept; not counted: " + failures.map(\.fault.detail).joined(separator: "; "),
        at: place + (failures.first?.fault.pointer ?? "/data"))
    case .unassignedSubject:
      Fault(code, "kept, but the asset serves no contract at that time", at: place + "/subject")
    default:
      Fault(code, "kept, but no asset or customer has this name", at: place + "/subject")
    }
  }
}
