import Base
import Glibc

/// One keep-alive connection of the load: a socket, and the request it sends over and over.
struct LoadConnection: ~Copyable {
  private(set) var socket: Int32
  let request: LoadRequest
  private var sentCount = 0
  private var answer: [UInt8] = []
  private(set) var sentNanoseconds: Int64 = 0

  /// What came of reading.
  enum Answer {
    case incomplete
    case success
    case failure(String)
    case closed
  }

  init(port: Int, _ request: consuming LoadRequest) throws(Fault) {
    socket = try Self.connect(port)
    self.request = request
  }

  deinit { close(socket) }

  mutating func reconnect(port: Int) throws(Fault) {
    close(socket)
    socket = try Self.connect(port)
    answer = []
  }

  /// True once all of it is on its way.
  mutating func send(at now: Int64, _ stream: inout EventGenerator) -> Bool {
    request.fill(from: &stream)
    sentNanoseconds = now
    sentCount = 0
    return sendRest()
  }

  mutating func sendRest() -> Bool {
    while sentCount < request.bytes.count {
      let start = request.bytes.baseAddress! + sentCount
      let flags = Int32(MSG_NOSIGNAL)
      let count = Glibc.send(socket, start, request.bytes.count - sentCount, flags)
      // What went wrong with the socket, reading it will tell.
      guard count > 0 else { return false }
      sentCount += count
    }
    return true
  }

  var isSent: Bool { sentCount == request.bytes.count }

  /// Nearly every answer is `204 No Content`, whole in one piece, and known by a few bytes.
  mutating func receive(_ space: UnsafeMutableRawBufferPointer) -> Answer {
    let count = recv(socket, space.baseAddress, space.count, 0)
    guard count > 0 else { return count < 0 && errno == EAGAIN ? .incomplete : .closed }
    let bytes = UnsafeRawBufferPointer(rebasing: space[..<count])
    if answer.isEmpty, count > 16, bytes[9] == UInt8(ascii: "2"), bytes[11] == UInt8(ascii: "4"),
      bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self) == 0x0A0D_0A0D
    {
      return .success
    }
    answer += bytes
    return wholeAnswer()
  }

  private mutating func wholeAnswer() -> Answer {
    guard let end = answer.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound else {
      return .incomplete
    }
    let head = String(decoding: answer[..<end], as: UTF8.self)
    let length = head.split(separator: "\r\n").first {
      $0.lowercased().hasPrefix("content-length:")
    }
    let bodyCount = length.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    guard answer.count - end >= bodyCount else { return .incomplete }
    defer { answer = [] }
    return head.dropFirst(9).hasPrefix("204")
      ? .success : .failure(String(decoding: answer.prefix(2000), as: UTF8.self))
  }

  private static func connect(_ port: Int) throws(Fault) -> Int32 {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafeBytes(of: &address) {
      Glibc.connect(
        socket, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    }
    guard socket >= 0, result == 0, fcntl(socket, F_SETFL, O_NONBLOCK) == 0 else {
      throw Fault(
        .internalError, "nobody listens on port \(port): \(String(cString: strerror(errno)))")
    }
    var yes: Int32 = 1
    setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    return socket
  }
}
