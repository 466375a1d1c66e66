import ArgumentParser
import Console
import Foundation

/// Where the service is, and who asks.
struct ServerOption: ParsableArguments {
  @Option(name: .long, help: "Where the service is reached.")
  var server = "http://127.0.0.1:8080"

  @Option(name: .long, help: "A file with a token whose role may do this.")
  var tokenFile: String

  func client(timeoutSeconds: Int64 = 60) throws -> APIClient {
    guard let address = URL(string: server), ["http", "https"].contains(address.scheme ?? ""),
      address.host() != nil, (1...65_535).contains(address.port ?? 1)
    else { throw ValidationError("\(server) is no address, such as http://127.0.0.1:8080") }
    let text = try String(decoding: InputFile.bytes(tokenFile), as: UTF8.self)
    let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !token.isEmpty else {
      throw CommandRefusal(
        EX_DATAERR,
        "\(tokenFile) holds no token; write one with `usance token issue ... > \(tokenFile)`")
    }
    return APIClient(
      server.hasSuffix("/") ? String(server.dropLast()) : server, token: token,
      timeoutSeconds: timeoutSeconds)
  }
}
