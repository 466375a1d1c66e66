package import Base
import Foundation

/// A server with a data folder of its own that knows one engine, `engine-1`, and meters the seconds
/// of its events of the type `engine.ran`.
package final class EngineDesk {
  package let folder: TemporaryFolder
  package private(set) var server: ServerProcess

  package init() throws {
    folder = try TemporaryFolder()
    server = try ServerProcess(folder)
    let agreed = [
      ("customers/airline", #"{"name":"An airline"}"#),
      (
        "meters/time",
        #"{"aggregation":"sum","eventTypes":["engine.ran"],"unit":"s","value":"/seconds"}"#
      ),
      ("meters/runs", #"{"aggregation":"count","eventTypes":["engine.ran"],"unit":"runs"}"#),
      (
        "contracts/hours",
        """
        {"customer":"airline","currency":"USD","zone":"America/New_York","from":"2013-01-01",
        "clauses":[{"key":"engines","kind":"severityHours","hours":"time","cycles":"runs",
        "rate":"100.00","cycleRate":"1.00"}]}
        """
      ),
      (
        "assets/engine-1",
        #"{"assignments":[{"contract":"hours","from":"2013-01-01T00:00:00Z"}]}"#
      ),
    ]
    let connection = try Connection(port: server.port)
    for (path, document) in agreed {
      let answer = try connection.put("/v1/\(path)", token: try token("operator"), document)
      guard answer.status == 201 else {
        throw Connection.Broken(reason: "\(path): \(answer.status) \(answer.body)")
      }
    }
  }

  package var address: String { "http://127.0.0.1:\(server.port)" }

  package func token(_ role: String) throws -> String {
    try ServerProcess.token(role, folder)
  }

  /// Kills the server and starts it again at the same address.
  package func pullPlugAndStart(afterSeconds pause: Double = 0) throws {
    server.pullPlug()
    usleep(UInt32(pause * 1_000_000))
    server = try ServerProcess(folder, port: server.port)
  }

  /// The first page of the log.
  package func events() throws -> [JSON] { try get("/v1/events")["items"]?.elements ?? [] }

  /// `60 s of 1 events`, of January 2013.
  package func usage() throws -> String {
    let usage = try get("/v1/usage?meter=time&asset=engine-1&month=2013-01")
    let parts = ["value", "unit", "events"].map { name in
      usage[name].map { $0.stringValue ?? $0.text } ?? "-"
    }
    return "\(parts[0]) \(parts[1]) of \(parts[2]) events"
  }

  private func get(_ path: String) throws -> JSON {
    // A connection of its own: the server closes those that idle.
    let answer = try Connection(port: server.port).get(path, token: try token("operator"))
    guard answer.status == 200 else {
      throw Connection.Broken(reason: "\(path): \(answer.status) \(answer.body)")
    }
    return try JSON(parsing: Array(answer.body.utf8))
  }
}
