import Base
import HTTPTypes
import Hummingbird
import NIOCore

/// What is sent back: all of it is there before the first byte leaves.
struct CompleteResponse {
  let status: HTTPResponse.Status
  var headers: HTTPFields
  let body: ByteBuffer

  init(
    _ status: HTTPResponse.Status, headers: HTTPFields = HTTPFields(),
    body: ByteBuffer = ByteBuffer()
  ) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  static func bytes(
    _ bytes: some Sequence<UInt8>, type: String, status: HTTPResponse.Status = .ok,
    headers: HTTPFields = HTTPFields()
  ) -> CompleteResponse {
    var headers = headers
    headers[.contentType] = type
    headers[.xContentTypeOptions] = "nosniff"
    if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
    return CompleteResponse(status, headers: headers, body: ByteBuffer(bytes: bytes))
  }

  static func json(_ document: JSON, headers: HTTPFields = HTTPFields()) -> CompleteResponse {
    .bytes(document.bytes, type: "application/json", headers: headers)
  }

  var response: Response {
    guard status != .noContent else { return Response(status: status, headers: headers) }
    let isLarge = body.readableBytes > Self.pieceBytes
    return Response(
      status: status, headers: headers,
      body: isLarge ? CompleteResponse.inPieces(body) : ResponseBody(byteBuffer: body))
  }

  private static let pieceBytes = 64 << 10

  /// Piece by piece: who takes none of it for a while loses the connection, and who takes it slowly
  /// does not.
  private static func inPieces(_ body: ByteBuffer) -> ResponseBody {
    ResponseBody(contentLength: body.readableBytes) { writer in
      var rest = body
      while let piece = rest.readSlice(length: min(pieceBytes, rest.readableBytes)),
        piece.readableBytes > 0
      {
        try await writer.write(piece)
      }
      try await writer.finish(nil)
    }
  }
}
