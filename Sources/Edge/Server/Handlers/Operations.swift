import Access
import Base
import HTTPTypes
import Hummingbird
import Services
import Workflow

extension Handlers {
  /// The process answers.
  static func getLiveness(_ call: APICall) -> Response {
    .json(["status": "live"])
  }

  /// The database answers too, the queue has room, and the disk has.
  static func getReadiness(_ call: APICall) throws -> Response {
    try call.services.home.check()
    let engine = call.services.home.report
    guard call.services.commit.requestsQueued < CommitQueue.requestsQueuedMax / 2 else {
      throw Fault(.overloaded, "the disk is behind")
    }
    guard !engine.isFull else {
      throw Fault(.overloaded, "the disk is full; reads go on, make room on it")
    }
    let damaged = engine.damagedPages
    return .json(
      .object([
        "status": "ready",
        "damagedPages": damaged == 0 ? nil : .integer(damaged),
        "damage": damaged == 0
          ? nil : "what rests on damaged pages of the database is parked or refused; see the log",
      ]))
  }

  static func getMetrics(_ call: APICall) throws -> Response {
    let engine = call.services.home.report
    let text = call.services.metrics.text(gauges: [
      "usance_events_stored": try call.services.events.storedCount(),
      "usance_invoices_held": try call.services.settlement.heldCount(),
      "usance_blocks_pending": call.services.commit.blocksPending,
      "usance_commits": call.services.commit.commitCount,
      "usance_requests_queued": call.services.commit.requestsQueued,
      "usance_lookups_waiting": call.services.pool.waitingCount(.lookups),
      "usance_reports_waiting": call.services.pool.waitingCount(.reports),
      "usance_body_bytes_held": call.services.bodies.bytesHeld,
      "usance_damaged_pages": engine.damagedPages,
      "usance_disk_full": engine.isFull ? 1 : 0,
    ])
    return .bytes(text.utf8, type: "text/plain; version=0.0.4; charset=utf-8")
  }

  static func getOpenAPI(_ call: APICall) -> Response {
    .bytes(PackageResources.openapi_yaml, type: "application/yaml")
  }

  /// What an editor needs to complete and check the files of a catalog.
  static func getCatalogSchema(_ call: APICall) -> Response {
    .bytes(PackageResources.catalog_schema_json, type: "application/schema+json")
  }

  /// The public keys, for services that check our tokens themselves.
  static func getJWKS(_ call: APICall) -> Response {
    .json(call.services.keys.jwks, headers: [.cacheControl: "public, max-age=300"])
  }
}
