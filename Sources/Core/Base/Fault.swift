/// What went wrong, in the words of the person who can mend it.
///
/// A fault is a value: a stable `code` that programs switch on, a sentence for people, and the
/// place in the document they sent (an RFC 6901 JSON pointer; empty for the whole document).
package struct Fault: Error, Hashable, Sendable {
  package let code: Code
  package let detail: String
  package let pointer: String
  /// What an engine said: for the log, and never sent to anybody.
  package let cause: String?

  package init(_ code: Code, _ detail: String, at pointer: String = "", cause: String? = nil) {
    self.code = code
    self.detail = detail
    self.pointer = pointer
    self.cause = cause
  }

  /// The same fault, found inside the part of a larger document that `prefix` points at.
  package func nested(under prefix: String) -> Fault {
    Fault(code, detail, at: prefix + pointer, cause: cause)
  }
}

extension Fault {
  /// Every code is one problem type of the HTTP API; the raw value is its name on the wire.
  package enum Code: String, CaseIterable, Sendable {
    // The document could not be read.
    case malformedJSON = "malformed_json"
    case malformedDocument = "malformed_document"
    case missingField = "missing_field"
    case unknownField = "unknown_field"
    case invalidValue = "invalid_value"
    case limitExceeded = "limit_exceeded"
    // The event was refused, or kept aside.
    case negativeQuantity = "negative_quantity"
    case futureEvent = "future_event"
    case conflictingEvent = "conflicting_event"
    case unknownSubject = "unknown_subject"
    case unassignedSubject = "unassigned_subject"
    case unknownEventType = "unknown_event_type"
    case unreadableValue = "unreadable_value"
    case unknownEvent = "unknown_event"
    case uncorrectableEvent = "uncorrectable_event"
    // The request cannot be served.
    case payloadTooLarge = "payload_too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case unsupportedEncoding = "unsupported_encoding"
    case unauthorised = "unauthorised"
    case forbidden = "forbidden"
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case notAcceptable = "not_acceptable"
    case preconditionFailed = "precondition_failed"
    case requestTimeout = "request_timeout"
    case overloaded = "overloaded"
    case deadlineExceeded = "deadline_exceeded"
    // The business says no.
    case unknownReference = "unknown_reference"
    case invoiceFinal = "invoice_final"
    case periodNotOver = "period_not_over"
    case periodNotBilled = "period_not_billed"
    case missingIndexValue = "missing_index_value"
    case missingUsage = "missing_usage"
    case sharedUsage = "shared_usage"
    case meterNotReady = "meter_not_ready"
    case overflow = "overflow"
    case gracePeriodOpen = "grace_period_open"
    case wrongInvoiceStatus = "wrong_invoice_status"
    case draftOutdated = "draft_outdated"
    case invoiceHeld = "invoice_held"
    case idempotencyKeyReused = "idempotency_key_reused"
    case requestInProgress = "request_in_progress"
    case outcomeSettled = "outcome_settled"
    case dateBeforeDocument = "date_before_document"
    case looksDoubled = "looks_doubled"
    // The machine says no.
    case storageFull = "storage_full"
    case dataDamaged = "data_damaged"
    case internalError = "internal_error"
  }
}

/// Every fault found in one document, so that a writer mends them in one go.
package struct Faults: Error, Hashable, Sendable {
  package let list: [Fault]

  package init(_ list: [Fault]) {
    precondition(!list.isEmpty, "no faults is not a failure")
    self.list = list
  }

  /// Runs `body`; its one fault becomes a list of one.
  package static func gather<Value>(
    _ body: () throws(Fault) -> Value
  ) throws(Faults) -> Value {
    do throws(Fault) { return try body() } catch { throw Faults([error]) }
  }
}
