/// A request that is sent again and again, each time with other events in the same bytes.
struct LoadRequest: ~Copyable {
  let bytes: UnsafeMutableRawBufferPointer
  private let firstEvent: Int
  private let eventCount: Int

  init(token: String, events: Int) {
    let isBatch = events > 1
    let stride = EventGenerator.template.count + 1  // with the comma behind it
    let bodyCount = events * stride - 1 + (isBatch ? 2 : 0)
    let head = """
      POST /v1/events HTTP/1.1\r
      Host: 127.0.0.1\r
      Authorization: Bearer \(token)\r
      Content-Type: application/cloudevents\(isBatch ? "-batch" : "")+json\r
      Prefer: return=minimal\r
      Content-Length: \(bodyCount)\r
      \r

      """
    let body = Array(repeating: EventGenerator.template, count: events)
      .joined(separator: [UInt8(ascii: ",")])
    let whole = Array(head.utf8) + (isBatch ? [UInt8(ascii: "[")] : []) + body
    bytes = .allocate(byteCount: head.utf8.count + bodyCount, alignment: 8)
    bytes.copyBytes(from: whole + (isBatch ? [UInt8(ascii: "]")] : []))
    firstEvent = head.utf8.count + (isBatch ? 1 : 0)
    eventCount = events
  }

  deinit { bytes.deallocate() }

  /// Where the body begins.
  var bodyOffset: Int { firstEvent - (eventCount > 1 ? 1 : 0) }

  func fill(from stream: inout EventGenerator) {
    var event = bytes.baseAddress! + firstEvent
    for _ in 0..<eventCount {
      stream.write(over: event)
      event += EventGenerator.template.count + 1
    }
  }
}
