/// One step of the schema: the SQL that creates a family of tables, and the query that checks it.
package struct Migration: Sendable {
  package let name: String
  package let sql: String
  /// Returns a row of text for each difference from the schema.
  package let expectation: String

  private init(_ name: String, _ sql: [UInt8], _ expectation: [UInt8]) {
    self.name = name
    self.sql = String(decoding: sql, as: UTF8.self)
    self.expectation = String(decoding: expectation, as: UTF8.self)
  }

  /// In order. A leading digit becomes `_` in the names of embedded files.
  package static let all = [
    Migration(
      "0001_catalog", PackageResources._001_catalog_sql, PackageResources._001_catalog_expect_sql),
    Migration(
      "0002_identities", PackageResources._002_identities_sql,
      PackageResources._002_identities_expect_sql),
    Migration("0003_log", PackageResources._003_log_sql, PackageResources._003_log_expect_sql),
    Migration(
      "0004_meters", PackageResources._004_meters_sql, PackageResources._004_meters_expect_sql),
    Migration(
      "0005_settlement", PackageResources._005_settlement_sql,
      PackageResources._005_settlement_expect_sql),
    Migration(
      "0006_access", PackageResources._006_access_sql, PackageResources._006_access_expect_sql),
  ]
}
