import Base
import Console
import Foundation

/// Posts batches, again and again while the server is busy or away: each event counts once, so a
/// batch whose answer was lost may go out a second time.
struct ImportSender {
  static let attemptsMax = 12
  private static let pauseSecondsMax = 30

  struct CommandRefusal {
    let index: Int
    let outcome: String
    let code: String
    let detail: String
  }

  struct Receipt {
    var tally = ImportTally()
    var refusals: [CommandRefusal] = []
  }

  private let client: APIClient
  /// Whether the server has ever taken a batch of this run.
  private var hasAnswered = false

  init(_ client: APIClient) { self.client = client }

  mutating func post(_ events: [[UInt8]]) async throws -> Receipt {
    let body = Array("[".utf8) + events.joined(separator: ",".utf8) + Array("]".utf8)
    var reason = ""
    for attempt in 0..<Self.attemptsMax {
      var pause = min(1 << attempt, Self.pauseSecondsMax)
      do {
        let answer = try await client.answer(
          toPosting: body, at: "/v1/events", type: APIClient.batchType)
        hasAnswered = true
        switch answer.status {
        case 200..<300: return try Self.receipt(of: answer, eventCount: events.count)
        case 409, 422: return try Self.refusal(by: answer, eventCount: events.count)
        case 408, 429, 502, 503, 504:
          pause = min(max(answer.retryAfterSeconds ?? pause, 1), Self.pauseSecondsMax)
          reason = "it answers \(answer.status)"
        default: throw answer.fault(of: "POST", "/v1/events")
        }
      } catch let way as Unreachable {
        // A service that is being restarted comes back; one that never was there does not.
        guard hasAnswered || !way.isCertain else { throw way }
        reason = way.detail
      }
      if attempt + 1 < Self.attemptsMax { try await Task.sleep(for: .seconds(pause)) }
    }
    throw Fault(
      .overloaded,
      """
      the server does not take events, tried \(Self.attemptsMax) times: \(reason). \
      The same command goes on from here
      """)
  }

  private static func receipt(
    of answer: APIClient.Answer, eventCount: Int
  ) throws -> Receipt {
    let document = try JSON(parsing: answer.body)
    var receipt = Receipt()
    for name in ["accepted", "duplicate", "unmatched"] {
      receipt.tally[name] = document[name]?.count ?? 0
    }
    for notice in document["notices"]?.elements ?? [] {
      guard let index = notice["index"]?.count, (0..<eventCount).contains(index),
        let outcome = notice["outcome"]?.stringValue, outcome != "unmatched"
      else { continue }
      receipt.refusals.append(
        CommandRefusal(
          index: index, outcome: outcome, code: notice["code"]?.stringValue ?? "",
          detail: notice["detail"]?.stringValue ?? ""))
    }
    let refused = (document["rejected"]?.count ?? 0) + (document["conflicting"]?.count ?? 0)
    guard refused == receipt.refusals.count,
      receipt.tally["accepted"] + receipt.tally["duplicate"] + refused == eventCount
    else {
      throw Fault(.internalError, "the server did not say what became of each event")
    }
    return receipt
  }

  /// Nothing of the batch could be counted. Faults point at what is wrong with an event; where some
  /// events are wrong in themselves, the server is silent on those that only conflict.
  private static func refusal(
    by answer: APIClient.Answer, eventCount: Int
  ) throws -> Receipt {
    let document = try JSON(parsing: answer.body)
    var refusals: [Int: CommandRefusal] = [:]
    for error in document["errors"]?.elements ?? [] {
      guard let pointer = error["pointer"]?.stringValue,
        let index = pointer.split(separator: "/").first.flatMap({ Int($0) }),
        (0..<eventCount).contains(index), refusals[index] == nil
      else { continue }
      let code = error["code"]?.stringValue ?? ""
      refusals[index] = CommandRefusal(
        index: index,
        outcome: code == Fault.Code.conflictingEvent.rawValue ? "conflicting" : "rejected",
        code: code, detail: error["detail"]?.stringValue ?? "")
    }
    guard !refusals.isEmpty else { throw answer.fault(of: "POST", "/v1/events") }
    var receipt = Receipt()
    receipt.refusals = (0..<eventCount).map { index in
      refusals[index]
        ?? CommandRefusal(
          index: index, outcome: "conflicting", code: Fault.Code.conflictingEvent.rawValue,
          detail: "an event with this source and id exists with a different payload; "
            + "the first one is kept")
    }
    return receipt
  }
}
