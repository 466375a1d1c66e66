import Base
import Foundation
import Glibc

/// Takes requests of one known length and answers each with the same, reading nothing of them:
/// what the load generator does against it is all the generator's.
final class LoadSink: Sendable {
  let port: Int
  private let listener: Int32

  private let answer: [UInt8]

  init(answer: String = "HTTP/1.1 204 No Content\r\n\r\n") throws(Fault) {
    self.answer = Array(answer.utf8)
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let isListening = withUnsafeMutableBytes(of: &address) { bytes in
      let address = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
      return bind(listener, address, length) == 0 && listen(listener, 1024) == 0
        && getsockname(listener, address, &length) == 0
    }
    guard isListening else { throw Fault(.internalError, "no port to listen on") }
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  /// Serves that many connections until the other side has closed them all.
  func serve(connections: Int, requestBytes: Int) {
    Thread.detachNewThread { [self] in
      var watched: [pollfd] = []
      for _ in 0..<connections {
        watched.append(pollfd(fd: accept(listener, nil, nil), events: Int16(POLLIN), revents: 0))
      }
      var missing = [Int](repeating: requestBytes, count: connections)
      var space = [UInt8](repeating: 0, count: 256 << 10)
      var open = connections
      while open > 0, poll(&watched, nfds_t(watched.count), -1) > 0 {
        for index in watched.indices where watched[index].revents != 0 {
          let count = recv(watched[index].fd, &space, space.count, 0)
          guard count > 0 else {
            close(watched[index].fd)
            watched[index].fd = -1
            open -= 1
            continue
          }
          missing[index] -= count
          guard missing[index] == 0 else { continue }
          missing[index] = requestBytes
          send(watched[index].fd, answer, answer.count, Int32(MSG_NOSIGNAL))
        }
      }
    }
  }

  deinit { close(listener) }
}
