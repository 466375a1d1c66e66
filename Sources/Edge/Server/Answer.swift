import Base
import HTTPTypes
import Hummingbird
import NIOCore

/// What is sent back: all of it is there before the first byte leaves.
struct Answer {
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
  ) -> Answer {
    var headers = headers
    headers[.contentType] = type
    headers[.xContentTypeOptions] = "nosniff"
    if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
    return Answer(status, headers: headers, body: ByteBuffer(bytes: bytes))
  }

  static func json(_ document: JSON, headers: HTTPFields = HTTPFields()) -> Answer {
    .bytes(document.bytes, type: "application/json", headers: headers)
  }

  var response: Response {
    status == .noContent
      ? Response(status: status, headers: headers)
      : Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
  }
}
