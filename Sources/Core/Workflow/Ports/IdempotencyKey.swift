package import Base

/// What an idempotency key stands for: who asked, and the digest of what was asked.
package struct IdempotencyKey: Hashable, Sendable {
  package let subject: String
  package let key: String
  package let request: Digest

  package init(subject: String, key: String, request: Digest) {
    self.subject = subject
    self.key = key
    self.request = request
  }

  package static let reused = Fault(
    .idempotencyKeyReused, "this idempotency key belongs to another request")
}

/// A response as it was given: its status of HTTP, and its JSON.
package struct IdempotentResponse: Hashable, Sendable {
  package let status: Int
  package let body: String

  package init(status: Int, body: String) {
    self.status = status
    self.body = body
  }
}
