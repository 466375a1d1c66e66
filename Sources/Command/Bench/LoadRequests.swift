import Base
import NIOCore

/// Requests with events that nobody has sent before, made faster than a server takes them.
struct LoadRequests {
  private let head: String
  private let events: Int
  private var random: UInt64
  private var sequence = 0

  /// 2024-01-01T00:00:00Z, and a second later each time.
  private static let start: Int64 = 1_704_067_200

  init(token: String, events: Int, seed: UInt64) {
    let type = events == 1 ? "application/cloudevents+json" : "application/cloudevents-batch+json"
    head =
      "POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(token)\r\n"
      + "Content-Type: \(type)\r\nPrefer: return=minimal\r\nContent-Length: "
    self.events = events
    random = seed &* 0x9E37_79B9_7F4A_7C15
  }

  mutating func next(_ allocator: ByteBufferAllocator) -> ByteBuffer {
    var body = allocator.buffer(capacity: events * 220)
    if events > 1 { body.writeString("[") }
    for index in 0..<events {
      if index > 0 { body.writeString(",") }
      event(into: &body)
    }
    if events > 1 { body.writeString("]") }
    var request = allocator.buffer(capacity: head.utf8.count + 16 + body.readableBytes)
    request.writeString(head)
    request.writeString("\(body.readableBytes)\r\n\r\n")
    request.writeBuffer(&body)
    return request
  }

  private mutating func event(into body: inout ByteBuffer) {
    sequence += 1
    let time = Instant(clampingSeconds: Self.start + Int64(sequence % 2_592_000))
    body.writeString("{\"specversion\":\"1.0\",\"id\":\"")
    identifier(into: &body)
    body.writeString("\",\"source\":\"//bench/device\",\"type\":\"run\",\"subject\":\"bench\",")
    body.writeString("\"time\":\"\(time)\",\"data\":{\"seconds\":\(sequence % 3600)}}")
  }

  /// A UUID of version 4 from a generator of our own (xorshift64*), for speed.
  private mutating func identifier(into body: inout ByteBuffer) {
    var bytes: [UInt8] = []
    for _ in 0..<2 {
      random ^= random >> 12
      random ^= random << 25
      random ^= random >> 27
      withUnsafeBytes(of: random &* 0x2545_F491_4F6C_DD1D) { bytes += $0 }
    }
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { body.writeInteger(UInt8(ascii: "-")) }
      body.writeInteger(Self.digits[Int(byte >> 4)])
      body.writeInteger(Self.digits[Int(byte & 15)])
    }
  }

  private static let digits = Array("0123456789abcdef".utf8)
}
