import Access
import Base
import HTTPTypes
import Hummingbird
import Storage

extension Handlers {
  /// The process answers.
  static func getLiveness(_ call: Call) -> Response {
    .json(["status": "live"])
  }

  /// The database answers too, and the queue has room.
  static func getReadiness(_ call: Call) throws -> Response {
    _ = try call.services.store.schema()
    guard call.services.commit.requestsQueued < GroupCommit.requestsQueuedMax / 2 else {
      throw Fault(.overloaded, "the disk is behind")
    }
    return .json(["status": "ready"])
  }

  static func getMetrics(_ call: Call) throws -> Response {
    let text = call.services.metrics.text(gauges: [
      "usance_events_stored": try call.services.events.storedCount(),
      "usance_invoices_held": try call.services.invoices.heldCount(),
      "usance_blocks_waiting": call.services.commit.blocksWaiting,
      "usance_commits": call.services.commit.commitCount,
      "usance_requests_queued": call.services.commit.requestsQueued,
    ])
    return .bytes(text.utf8, type: "text/plain; version=0.0.4; charset=utf-8")
  }

  static func getOpenAPI(_ call: Call) -> Response {
    .bytes(PackageResources.openapi_yaml, type: "application/yaml")
  }

  /// What an editor needs to complete and check the files of a catalogue.
  static func getCatalogSchema(_ call: Call) -> Response {
    .bytes(PackageResources.catalog_schema_json, type: "application/schema+json")
  }

  /// The public keys, for services that check our tokens themselves.
  static func getJWKS(_ call: Call) -> Response {
    .json(call.services.keys.jwks, headers: [.cacheControl: "public, max-age=300"])
  }
}
