import CZlib

/// Inflates a gzip file that is held in memory, with the system's zlib.
enum Gunzip {
  enum Failure: Error, Hashable {
    /// Not gzip, or its checksum or length do not match; the number is zlib's.
    case corrupt(status: Int32)
    case truncated
    case larger(thanBytes: Int)
    /// Something stands behind the end: a second member would otherwise be lost unseen.
    case trailing(byteCount: Int)
  }

  /// The one gzip member in `compressed`, if it holds at most `byteCountMax` bytes.
  ///
  /// The bound is also the memory that is reserved, so a small file cannot ask for a large one.
  static func bytes(
    of compressed: [UInt8], byteCountMax: Int
  ) throws(Failure) -> [UInt8] {
    precondition((0..<Int(UInt32.max)).contains(byteCountMax), "zlib counts in 32 bits")
    precondition(compressed.count <= Int(UInt32.max), "zlib counts in 32 bits")
    var end = (status: Z_OK, unreadByteCount: 0)
    // One byte more than allowed: what fills it is known to be too large.
    let inflated = [UInt8](unsafeUninitializedCapacity: byteCountMax + 1) { output, count in
      end = compressed.withUnsafeBufferPointer { input in
        inflateOnce(input, into: output, count: &count)
      }
    }
    guard inflated.count <= byteCountMax else { throw .larger(thanBytes: byteCountMax) }
    switch end.status {
    case Z_STREAM_END where end.unreadByteCount == 0: return inflated
    case Z_STREAM_END: throw .trailing(byteCount: end.unreadByteCount)
    case Z_OK, Z_BUF_ERROR: throw .truncated
    default: throw .corrupt(status: end.status)
    }
  }

  /// zlib's last status, and how much of the input it left; `count` becomes the bytes written.
  private static func inflateOnce(
    _ input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>,
    count: inout Int
  ) -> (status: Int32, unreadByteCount: Int) {
    var stream = z_stream()
    // zlib never writes to its input, its header only does not say so.
    stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
    stream.avail_in = UInt32(input.count)
    stream.next_out = output.baseAddress
    stream.avail_out = UInt32(output.count)
    // 15 is the largest window; 16 more asks for the gzip wrapping and no other.
    var status = inflateInit2_(
      &stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { return (status, input.count) }
    status = inflate(&stream, Z_FINISH)
    count = output.count - Int(stream.avail_out)
    inflateEnd(&stream)
    return (status, Int(stream.avail_in))
  }
}
