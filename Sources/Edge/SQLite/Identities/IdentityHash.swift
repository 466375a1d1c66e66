import Base
import Foundation
import GRDB
import Ingestion

/// The hash of a source and an id, under the secret of a database.
struct IdentityHash {
  private let keyed: KeyedHash

  init(_ db: Database) throws {
    let secret = try Data.fetchOne(db, sql: "SELECT secret FROM identity_secret")!
    keyed = KeyedHash(
      key: secret.withUnsafeBytes {
        (
          UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)),
          UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
      })
  }

  /// As the record says it.
  func callAsFunction(of record: LogRecord, in bytes: UnsafeRawBufferPointer) -> UInt64 {
    keyed(bytes.slice(record.id), label: UInt64(record.source) << 1 | (record.isUUID ? 1 : 0))
  }

  func callAsFunction(source: Int64, id: String) -> UInt64 {
    let id = Array(id.utf8)
    let uuid = id.withUnsafeBytes(EventIdentifier.uuid)
    let label = UInt64(source) << 1 | (uuid == nil ? 0 : 1)
    guard let uuid else { return id.withUnsafeBytes { keyed($0, label: label) } }
    return withUnsafeBytes(of: (uuid.0.bigEndian, uuid.1.bigEndian)) { keyed($0, label: label) }
  }
}
