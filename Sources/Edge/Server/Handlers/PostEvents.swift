import Base
import HTTPTypes
import Hummingbird
import Ingestion
import Storage
import Workflow

/// The operations of the API, one a file.
enum Handlers {}

extension Handlers {
  /// Takes CloudEvents; answers after they are on disk, with what became of each.
  static func postEvents(_ call: Call) async throws -> Response {
    let format = try eventFormat(call)
    let body = try await call.body(bytesMax: Limits.bodyBytesMax)
    let state = call.services.catalogs.current
    let intake = EventIntake(catalog: state.catalog, meters: state.meters, now: call.now)
    let taken = try intake.take(body, as: format ?? EventFormat(sniffing: body))
    let outcomes =
      taken.admitted.isEmpty
      ? [] : try await call.services.commit.store(taken, catalogRevision: state.revision)
    let receipt = EventReceipt(taken, outcomes)
    receipt.count(in: call.services.metrics)
    return receipt.response(call)
  }

  /// Nil for plain JSON, where the body itself shows whether it is one event or a list.
  private static func eventFormat(_ call: Call) throws -> EventFormat? {
    switch MediaTypeName(call.header(.contentType)) {
    case "application/cloudevents+json": return .single
    case "application/cloudevents-batch+json": return .batch
    case "application/json", nil: return nil
    default:
      throw Fault(
        .unsupportedMediaType,
        "expected application/cloudevents+json or application/cloudevents-batch+json")
    }
  }
}

extension EventFormat {
  fileprivate init(sniffing body: [UInt8]) {
    let first = body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    self = first == UInt8(ascii: "[") ? .batch : .single
  }
}

/// What became of the events of one request.
private struct EventReceipt {
  private let outcomes: [EventOutcome]
  private let rejected: [Fault]
  private let notices: [(index: Int, outcome: String, fault: Fault)]
  private let unmatched: Int

  init(_ intake: Intake, _ outcomes: [EventOutcome]) {
    self.outcomes = outcomes
    rejected = intake.refusals.map(\.fault)
    var notices = intake.refusals.map { ($0.index, "rejected", $0.fault) }
    var unmatched = 0
    for (admitted, outcome) in zip(intake.admitted, outcomes) {
      let index = admitted.event.index
      let place = intake.batch.pointer(to: index)
      switch outcome {
      case .conflicting:
        notices.append((index, "conflicting", EventReceipt.conflict(at: place)))
      case .accepted where admitted.doubt != nil:
        unmatched += 1
        notices.append((index, "unmatched", EventReceipt.doubt(admitted.doubt!, at: place)))
      default: break
      }
    }
    self.notices = notices.sorted { $0.0 < $1.0 }
    self.unmatched = unmatched
  }

  private func number(_ outcome: EventOutcome) -> Int {
    outcomes.reduce(0) { $0 + ($1 == outcome ? 1 : 0) }
  }

  func count(in metrics: Metrics) {
    let counts: KeyValuePairs = [
      "accepted": number(.accepted), "duplicate": number(.duplicate),
      "conflicting": number(.conflicting), "rejected": rejected.count, "unmatched": unmatched,
    ]
    for (outcome, count) in counts {
      metrics.add(count, to: "usance_events_total", "outcome=\"\(outcome)\"")
    }
  }

  /// Where nothing of the request could be counted, the request as a whole has failed.
  func response(_ call: Call) -> Response {
    let (accepted, duplicate) = (number(.accepted), number(.duplicate))
    let failed = notices.filter { $0.outcome != "unmatched" }
    if accepted + duplicate == 0, !failed.isEmpty {
      return Problem((rejected.isEmpty ? failed.map(\.fault) : rejected))
        .response(for: call.request.uri.path)
    }
    if notices.isEmpty, call.header(.prefer) == "return=minimal" {
      return Response(status: .noContent)
    }
    return .json([
      "accepted": .integer(accepted), "duplicate": .integer(duplicate),
      "conflicting": .integer(number(.conflicting)), "rejected": .integer(rejected.count),
      "unmatched": .integer(unmatched),
      "notices": .array(
        notices.map {
          [
            "index": .integer($0.index), "outcome": .string($0.outcome),
            "pointer": .string($0.fault.pointer), "code": .string($0.fault.code.rawValue),
            "detail": .string($0.fault.detail),
          ]
        }),
    ])
  }

  private static func conflict(at place: String) -> Fault {
    Fault(
      .conflictingEvent, "this source and id came before with another payload; the first stands",
      at: place + "/id")
  }

  private static func doubt(_ code: Fault.Code, at place: String) -> Fault {
    switch code {
    case .unknownEventType:
      Fault(code, "kept, but no meter reads events of this type", at: place + "/type")
    case .unreadableValue:
      Fault(code, "kept, but a meter of its type cannot read its value", at: place + "/data")
    case .unassignedSubject:
      Fault(code, "kept, but the asset serves no contract at that time", at: place + "/subject")
    default:
      Fault(code, "kept, but no asset or customer has this name", at: place + "/subject")
    }
  }
}
