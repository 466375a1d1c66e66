import Foundation

/// One HTTP/1.1 connection over a plain socket: nothing is sent again behind the test's back.
package final class Connection {
  package struct Answer {
    package let status: Int
    package let body: String

    /// The number behind `name` in a receipt.
    package func count(_ name: String) -> Int {
      guard let place = body.range(of: "\"\(name)\":") else { return 0 }
      return Int(body[place.upperBound...].prefix { $0.isNumber }) ?? 0
    }
  }

  /// The other side is not there, or no longer.
  package struct Broken: Error {
    package let reason: String

    package init(reason: String) { self.reason = reason }
  }

  private static let secondsMax = 60
  private let descriptor: Int32
  private var received: [UInt8] = []

  package init(port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Broken(reason: "no socket") }
    var limit = timeval(tv_sec: Connection.secondsMax, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    let result = Loopback.with(port: port) { connect(descriptor, $0, $1) }
    // From here on `deinit` closes the socket, also where this throws.
    guard result == 0 else { throw Broken(reason: String(cString: strerror(errno))) }
  }

  deinit { close(descriptor) }

  package func get(_ path: String, token: String? = nil) throws -> Answer {
    try exchange("GET", path, token.map { ["Authorization: Bearer \($0)"] } ?? [], "")
  }

  package func put(_ path: String, token: String, _ document: String) throws -> Answer {
    try exchange(
      "PUT", path, ["Authorization: Bearer \(token)", "Content-Type: application/json"], document)
  }

  package func post(
    _ events: String, token: String, isBatch: Bool, prefersMinimal: Bool = false
  ) throws -> Answer {
    let type = isBatch ? "cloudevents-batch" : "cloudevents"
    let headers = ["Authorization: Bearer \(token)", "Content-Type: application/\(type)+json"]
    return try exchange(
      "POST", "/v1/events", headers + (prefersMinimal ? ["Prefer: return=minimal"] : []), events)
  }

  package func post(_ path: String, token: String, _ document: String) throws -> Answer {
    try exchange(
      "POST", path, ["Authorization: Bearer \(token)", "Content-Type: application/json"], document)
  }

  /// `headers` are whole lines, such as `Accept: text/csv`.
  package func exchange(
    _ method: String, _ path: String, _ headers: [String], _ body: String
  ) throws -> Answer {
    let head =
      ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1", "Content-Length: \(body.utf8.count)"]
      + headers
    try send(Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
    return try answer(hasBody: method != "HEAD")
  }

  private func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Broken(reason: "the server does not read") }
      sent += count
    }
  }

  private func answer(hasBody: Bool) throws -> Answer {
    let blank = Array("\r\n\r\n".utf8)
    var end: Int?
    while true {
      end = received.indices.first { received[$0...].starts(with: blank) }
      if end != nil { break }
      try receive()
    }
    let head = String(decoding: received[..<end!], as: UTF8.self).split(separator: "\r\n")
    let words = head[0].split(separator: " ")
    guard words.count > 1, let status = Int(words[1]) else { throw Broken(reason: "not HTTP") }
    // A head says how long a body would be that does not come.
    let length =
      !hasBody
      ? nil
      : head.first { $0.lowercased().hasPrefix("content-length:") }
        .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
    let start = end! + blank.count
    while received.count < start + (length ?? 0) { try receive() }
    let body = String(decoding: received[start..<start + (length ?? 0)], as: UTF8.self)
    received.removeFirst(start + (length ?? 0))
    return Answer(status: status, body: body)
  }

  private func receive() throws {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { throw Broken(reason: "the server hung up") }
    received += buffer[..<count]
  }
}
