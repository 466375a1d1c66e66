import Base
import HTTPTypes
import Hummingbird

extension Response {
  static func bytes(
    _ bytes: some Sequence<UInt8>, type: String, status: HTTPResponse.Status = .ok,
    headers: HTTPFields = HTTPFields()
  ) -> Response {
    CompleteResponse.bytes(bytes, type: type, status: status, headers: headers).response
  }

  static func json(
    _ document: JSON, status: HTTPResponse.Status = .ok, headers: HTTPFields = HTTPFields()
  ) -> Response {
    .bytes(document.bytes, type: "application/json", status: status, headers: headers)
  }

  static func csv(_ text: String, headers: HTTPFields = HTTPFields()) -> Response {
    .bytes(text.utf8, type: "text/csv; charset=utf-8", headers: headers)
  }

  /// A page: nothing in it may run, and nothing is fetched from elsewhere.
  static func page(
    _ html: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = HTTPFields()
  ) -> Response {
    var headers = headers
    headers[.contentSecurityPolicy] =
      "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
      + "form-action 'self'; frame-ancestors 'none'"
    headers[.referrerPolicy] = "no-referrer"
    return .bytes(html.utf8, type: "text/html; charset=utf-8", status: status, headers: headers)
  }
}

extension HTTPField.Name {
  static let link = HTTPField.Name("Link")!
  static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
  static let prefer = HTTPField.Name("Prefer")!
  static let preferenceApplied = HTTPField.Name("Preference-Applied")!
}
