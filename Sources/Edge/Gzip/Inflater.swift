import CZlib

/// Inflates gzip (RFC 1952) as it comes in, one member behind the other, with the system's zlib.
///
/// It hands out pieces of a bounded size, so that whoever reads them can stop a small text from
/// becoming a large one.
package final class Inflater {
  package enum Failure: Error, Hashable {
    /// Not gzip, or its checksum or length do not match; the number is zlib's.
    case corrupt(status: Int32)
    case truncated
    case larger(thanBytes: Int)
  }

  package static let pieceBytesMax = 64 << 10

  /// zlib remembers where its state lies, so it must not move.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var input: [UInt8] = []
  private var position = 0
  /// The last piece was full: there may be more without any further input.
  private var mayHoldMore = false
  /// A whole member was read, and nothing behind it.
  private var isComplete = false

  package init() {
    stream.initialize(to: z_stream())
    // 15 is the largest window; 16 more asks for the gzip wrapping and no other.
    let status = inflateInit2_(
      stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib has no memory, or is another one than it was built with")
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Takes what came in, after `next` has handed out all of what came before.
  package func feed(_ compressed: [UInt8]) {
    precondition(position == input.count && !mayHoldMore, "there is something left to hand out")
    precondition(compressed.count <= Int(UInt32.max), "zlib counts in 32 bits")
    input = compressed
    position = 0
  }

  /// The next piece, of at most `pieceBytesMax`; nil where more input is needed, or the end.
  package func next() throws(Failure) -> [UInt8]? {
    while position < input.count || mayHoldMore {
      if isComplete {
        inflateReset(stream)
        isComplete = false
      }
      var status = Z_OK
      let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceBytesMax) { output, count in
        status = step(into: output)
        count = output.count - Int(stream.pointee.avail_out)
      }
      switch status {
      case Z_STREAM_END: isComplete = true
      // Nothing more without input is no mistake, only the end of what there is.
      case Z_OK, Z_BUF_ERROR: break
      default: throw .corrupt(status: status)
      }
      mayHoldMore = !isComplete && piece.count == Self.pieceBytesMax
      if !piece.isEmpty { return piece }
    }
    return nil
  }

  /// To be called where there is no more input: it must have come to an end by itself.
  package func end() throws(Failure) {
    guard isComplete else { throw .truncated }
  }

  /// A whole text that is held in memory, if it inflates to at most `byteCountMax` bytes.
  package static func bytes(
    of compressed: [UInt8], byteCountMax: Int
  ) throws(Failure) -> [UInt8] {
    let inflater = Inflater()
    inflater.feed(compressed)
    var bytes: [UInt8] = []
    while let piece = try inflater.next() {
      bytes += piece
      guard bytes.count <= byteCountMax else { throw .larger(thanBytes: byteCountMax) }
    }
    try inflater.end()
    return bytes
  }

  private func step(into output: UnsafeMutableBufferPointer<UInt8>) -> Int32 {
    input.withUnsafeBufferPointer { input in
      let rest = UnsafeBufferPointer(rebasing: input[position...])
      // zlib never writes to its input, its header only does not say so.
      stream.pointee.next_in = UnsafeMutablePointer(mutating: rest.baseAddress)
      stream.pointee.avail_in = UInt32(rest.count)
      stream.pointee.next_out = output.baseAddress
      stream.pointee.avail_out = UInt32(output.count)
      let status = inflate(stream, Z_NO_FLUSH)
      position += rest.count - Int(stream.pointee.avail_in)
      return status
    }
  }
}
