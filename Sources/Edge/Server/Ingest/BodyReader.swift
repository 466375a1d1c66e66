import Base
import Gzip
import HTTPTypes
import Hummingbird
import NIOCore

/// The bytes of a body as they come in, inflated where they are gzip, for as long as they keep to
/// the limits. No more is held than one piece.
struct BodyReader {
  enum Kind {
    /// Here as a whole, within one deadline.
    case whole
    /// Here for as long as enough of it keeps coming.
    case stream
  }

  private let kind: Kind
  private let bytesMax: Int
  private let deadline: BodyDeadline?
  private let inflater: Inflater?
  private var pieces: RequestBody.AsyncIterator
  private var bytesReceived = 0
  private var bytesRead = 0

  /// A body that says it is too large, or is in a coding nobody here knows, is refused before it is
  /// read.
  init(_ call: APICall, _ kind: Kind, bytesMax: Int) throws(Fault) {
    if let length = call.header(.contentLength), Int(length) ?? .max > bytesMax {
      throw BodyReader.tooLarge(bytesMax)
    }
    switch call.header(.contentEncoding)?.lowercased() {
    case nil, "", "identity": inflater = nil
    case "gzip", "x-gzip": inflater = Inflater()
    default:
      throw Fault(.unsupportedEncoding, "expected Content-Encoding: gzip, or none")
    }
    self.kind = kind
    self.bytesMax = bytesMax
    deadline = call.bodyDeadline
    pieces = call.request.body.makeAsyncIterator()
  }

  /// The next piece, or nil at the end of the body.
  mutating func next() async throws(Fault) -> [UInt8]? {
    while true {
      if let piece = try inflated() { return try counted(piece) }
      guard let piece = try await received() else {
        if bytesReceived > 0 { try sound { () throws(Inflater.Failure) in try inflater?.end() } }
        deadline?.meet()
        return nil
      }
      guard let inflater else { return try counted(piece) }
      inflater.feed(piece)
    }
  }

  /// Waits for something else than the body, without running out of its time.
  func pausing<Value>(_ work: () async throws -> Value) async rethrows -> Value {
    guard let deadline else { return try await work() }
    return try await deadline.pausing(work)
  }

  private mutating func received() async throws(Fault) -> [UInt8]? {
    do {
      guard let buffer = try await pieces.next() else { return nil }
      bytesReceived += buffer.readableBytes
      guard bytesReceived <= bytesMax else { throw BodyReader.tooLarge(bytesMax) }
      if kind == .stream { deadline?.advance(byBytes: buffer.readableBytes) }
      return Array(buffer.readableBytesView)
    } catch let fault as Fault {
      throw fault
    } catch  where deadline?.hasPassed == true {
      throw Fault(.requestTimeout, BodyReader.patience(with: kind))
    } catch {
      throw Fault(.malformedDocument, "the request body is incomplete or not valid HTTP")
    }
  }

  private func inflated() throws(Fault) -> [UInt8]? {
    try sound { () throws(Inflater.Failure) in try inflater?.next() }
  }

  /// What is little when it comes in may be much when it is inflated, but not without end.
  private mutating func counted(_ piece: [UInt8]) throws(Fault) -> [UInt8] {
    bytesRead += piece.count
    guard bytesRead <= bytesMax else { throw BodyReader.tooLarge(bytesMax) }
    guard
      inflater == nil || bytesRead <= Limits.inflatedBytesFree
        || bytesRead / Limits.inflationMax <= bytesReceived
    else {
      throw Fault(
        .payloadTooLarge,
        "gzip makes of a body at most \(Limits.inflationMax) times its size, beyond the first "
          + "\(Limits.inflatedBytesFree) bytes")
    }
    return piece
  }

  private func sound<Value>(_ work: () throws(Inflater.Failure) -> Value) throws(Fault) -> Value {
    do throws(Inflater.Failure) {
      return try work()
    } catch {
      switch error {
      case .truncated: throw Fault(.malformedDocument, "the body is gzip that breaks off")
      case .corrupt, .larger: throw Fault(.malformedDocument, "the body is not sound gzip")
      }
    }
  }

  private static func tooLarge(_ bytesMax: Int) -> Fault {
    Fault(.payloadTooLarge, "a body here has at most \(bytesMax) bytes, also when it is inflated")
  }

  private static func patience(with kind: Kind) -> String {
    switch kind {
    case .whole: "a body is here within \(Limits.bodySecondsMax) seconds"
    case .stream:
      "of a stream, \(Limits.streamBytesPerDeadlineMin) bytes are here each "
        + "\(Limits.bodySecondsMax) seconds, or its end"
    }
  }
}
