import Base
import HTTPTypes
import Hummingbird
import Services

/// An error as RFC 9457 says it: `type`, `title`, `status`, `detail`, `instance`, with our `code`
/// and the list of `errors`, each with a JSON pointer into what was sent. Never a stack.
struct Problem {
  let faults: [Fault]

  init(_ faults: [Fault]) {
    precondition(!faults.isEmpty, "a problem has a cause")
    self.faults = faults
  }

  init(_ error: any Error) {
    switch error {
    case let fault as Fault: self.init([fault])
    case let faults as Faults: self.init(faults.list)
    default: self.init([Fault(.internalError, "internal error; see the log of the service")])
    }
  }

  var status: HTTPResponse.Status { Problem.status(of: faults[0].code) }

  func response(for path: String, headers: HTTPFields = HTTPFields()) -> Response {
    answer(for: path, headers: headers).response
  }

  func answer(for path: String, headers: HTTPFields = HTTPFields()) -> CompleteResponse {
    .bytes(
      document(path).bytes, type: "application/problem+json", status: status,
      headers: self.headers(headers))
  }

  /// What goes with a problem in whatever form, beside other headers.
  func headers(_ headers: HTTPFields) -> HTTPFields {
    var headers = headers
    switch faults[0].code {
    case .unauthorised: headers[.wwwAuthenticate] = "Bearer realm=\"usance\""
    case .overloaded, .meterNotReady, .storageFull: headers[.retryAfter] = "1"
    case .unsupportedEncoding: headers[.acceptEncoding] = "gzip, identity"
    default: break
    }
    return headers
  }

  var detail: String {
    faults.count == 1 ? faults[0].detail : "\(faults.count) things are wrong; see `errors`"
  }

  private func document(_ path: String) -> JSON {
    let first = faults[0]
    let pointed = faults.filter { !$0.pointer.isEmpty || faults.count > 1 }
    return .object([
      "type": .string("urn:usance:problem:" + first.code.rawValue),
      "title": .string(Problem.title(of: first.code)),
      "status": .integer(status.code),
      "detail": .string(detail),
      "instance": .string(path),
      "code": .string(first.code.rawValue),
      "errors": pointed.isEmpty
        ? nil
        : .array(
          pointed.map {
            [
              "pointer": .string($0.pointer), "code": .string($0.code.rawValue),
              "detail": .string($0.detail),
            ]
          }),
    ])
  }

  /// Every code has exactly one status.
  static func status(of code: Fault.Code) -> HTTPResponse.Status {
    switch code {
    case .malformedJSON, .malformedDocument: .badRequest
    case .missingField, .unknownField, .invalidValue, .limitExceeded, .negativeQuantity,
      .futureEvent, .unknownSubject, .unassignedSubject, .unknownEventType, .unreadableValue,
      .unknownEvent, .uncorrectableEvent, .unknownReference, .missingIndexValue,
      .missingUsage, .sharedUsage, .overflow, .idempotencyKeyReused, .dateBeforeDocument:
      .unprocessableContent
    case .conflictingEvent, .invoiceFinal, .periodNotOver, .periodNotBilled, .gracePeriodOpen,
      .wrongInvoiceStatus, .draftOutdated, .invoiceHeld, .requestInProgress, .outcomeSettled,
      .looksDoubled:
      .conflict
    case .payloadTooLarge: .contentTooLarge
    case .unsupportedMediaType, .unsupportedEncoding: .unsupportedMediaType
    case .unauthorised: .unauthorized
    case .forbidden: .forbidden
    case .notFound: .notFound
    case .methodNotAllowed: .methodNotAllowed
    case .notAcceptable: .notAcceptable
    case .preconditionFailed: .preconditionFailed
    case .requestTimeout: .requestTimeout
    case .overloaded, .deadlineExceeded, .meterNotReady: .serviceUnavailable
    case .storageFull: .init(code: 507, reasonPhrase: "Insufficient Storage")
    case .dataDamaged, .internalError: .internalServerError
    }
  }

  /// `negative_quantity` as `Negative quantity`.
  private static func title(of code: Fault.Code) -> String {
    let words = code.rawValue.split(separator: "_").joined(separator: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }
}
