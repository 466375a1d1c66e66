import Base
import Contracts
import Hummingbird
import Ingestion
import Services

extension Handlers {
  /// Adds to what has been published of a series, from JSON or from a table. Saying the same again
  /// changes nothing.
  static func publishIndexValues(_ call: APICall) async throws -> Response {
    let key: IndexSeriesKey = try call.key()
    let publications = try await publications(call)
    let put = try await call.blocking(.acts) {
      try call.services.catalogs.publish(publications, of: key, now: call.now)
    }
    return .json(put.entry.json, headers: put.entry.headers)
  }

  private static func publications(_ call: APICall) async throws -> [IndexSeries.Publication] {
    let list: Node
    if MediaTypeName(call.header(.contentType)) == "text/csv" {
      list = Node(try PublicationTable.json(await call.body(bytesMax: Limits.documentBytesMax)))
    } else {
      list = try await call.document()
    }
    return try Node.list(
      of: IndexSeries.Publication.init(_:), countMax: IndexSeries.publicationsMax)(list)
  }
}
