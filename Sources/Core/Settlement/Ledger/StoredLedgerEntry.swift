/// One entry as it is kept.
package struct StoredLedgerEntry: Sendable {
  package let sequence: Int64
  package let body: String
  package let digest: String

  package init(sequence: Int64, body: String, digest: String) {
    self.sequence = sequence
    self.body = body
    self.digest = digest
  }
}
