import CZlib

/// The bytes as one gzip member, the way a sender in a hurry compresses them.
package func gzipped(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  var status = deflateInit2_(
    &stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
    Int32(MemoryLayout<z_stream>.size))
  precondition(status == Z_OK, "zlib has no memory")
  defer { deflateEnd(&stream) }
  let bound = Int(deflateBound(&stream, UInt(bytes.count))) + 64
  return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
    bytes.withUnsafeBufferPointer { input in
      stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      status = deflate(&stream, Z_FINISH)
    }
    precondition(status == Z_STREAM_END, "the bound is one")
    count = output.count - Int(stream.avail_out)
  }
}
