import Access
import Base
import Console
import Foundation
import Server
import ServiceLifecycle
import Settlement
import Workflow

/// What the demo does once its server runs, as its four users would do it, over HTTP.
struct DemoTour: Service {
  let services: ServerContext
  let ports: AsyncStream<Int>
  let folder: String
  let times: Int
  let endsItself: Bool
  let printsJSON: Bool

  private static let billed = ["2013-01", "2013-02"]

  func run() async throws {
    guard let port = await ports.first(where: { _ in true }) else { return }
    let address = "http://127.0.0.1:\(port)"
    let issuing = Issuing(services.issuer)
    func client(_ role: Role) async throws -> APIClient {
      APIClient(
        address,
        token: try await issuing.token(
          .access, role, subject: "demo-\(role.rawValue)", lifetimeSeconds: 3600))
    }
    let flights = try DemoFlights()
    try await DemoCatalog(flights).put(with: client(.operator), tell: tell)
    let posted = try await post(flights, with: client(.device))
    let finance = try await client(.finance)
    let invoices = try await bill(with: finance)
    if printsJSON {
      Output.say(DemoReport.json(invoices, posted).text)
    } else {
      let unmatched = try await finance.get("/v1/events?status=unmatched")
      Output.say(DemoReport.text(invoices, posted, unmatched: unmatched["items"]?.elements ?? []))
    }
    guard !endsItself else { return }
    Output.say(try await invitation(address, issuing))
    try await gracefulShutdown()
  }

  private func post(_ flights: DemoFlights, with device: APIClient) async throws -> PostedEvents {
    var posted = PostedEvents()
    let batches = flights.batches()
    let total = flights.count * times
    var bar = ProgressBar("Posting flights", total: total)
    for _ in 0..<times {
      for batch in batches {
        posted.add(try await device.post("/v1/events", batch.bytes, type: APIClient.batchType))
        bar.show(posted.total)
      }
    }
    return posted
  }

  private func bill(with finance: APIClient) async throws -> [JSON] {
    var invoices: [JSON] = []
    for month in Self.billed {
      let run = try await finance.post("/v1/billing-runs", ["month": .string(month)])
      for result in run["results"]?.elements ?? [] {
        guard let key = result["invoice"]?.stringValue else {
          let reason = result["reasons"]?.elements?.first?["detail"]?.stringValue
          throw Fault(
            .internalError,
            "the billing run parked \(result.word("contract")): \(reason ?? "it does not say why")")
        }
        invoices.append(try await finance.post("/v1/invoices/\(key)/finalise"))
      }
    }
    return invoices
  }

  private func invitation(_ address: String, _ issuing: Issuing) async throws -> String {
    let link = try await issuing.link(to: address, subject: "demo-account-manager")
    return """

      The value reports, signed in (the link works once, within 15 minutes):
        \(link)
      Another link:
        \(CommandLine.arguments[0]) token link --data \(folder) --url \(address) --subject NAME
      Serving at \(address) until Ctrl-C.
      """
  }

  /// Progress for people; programs that asked for JSON get nothing but JSON.
  private func tell(_ text: String) {
    if !printsJSON { Output.say(text) }
  }
}

/// What became of everything that was posted.
struct PostedEvents {
  private(set) var counts: [String: Int] = [:]

  static let outcomes = ["accepted", "duplicate", "conflicting", "rejected"]

  mutating func add(_ receipt: JSON) {
    for outcome in Self.outcomes + ["unmatched"] {
      guard case .number(let text) = receipt[outcome] else { continue }
      counts[outcome, default: 0] += Int(text) ?? 0
    }
  }

  subscript(_ outcome: String) -> Int { counts[outcome] ?? 0 }

  var total: Int { Self.outcomes.reduce(0) { $0 + self[$1] } }
}
