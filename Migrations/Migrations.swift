/// One step of the schema: the SQL that makes it, and the query that finds what is wrong with it.
package struct Migration: Sendable {
  package let name: String
  package let sql: String
  /// Returns a row of text for each thing that is not as it should be.
  package let expectation: String

  private init(_ name: String, _ sql: [UInt8], _ expectation: [UInt8]) {
    self.name = name
    self.sql = String(decoding: sql, as: UTF8.self)
    self.expectation = String(decoding: expectation, as: UTF8.self)
  }

  /// In order. A leading digit becomes `_` in the names of embedded files.
  package static let all = [
    Migration(
      "0001_events", PackageResources._001_events_sql, PackageResources._001_events_expect_sql),
    Migration(
      "0002_catalog", PackageResources._002_catalog_sql, PackageResources._002_catalog_expect_sql),
    Migration(
      "0003_invoices", PackageResources._003_invoices_sql,
      PackageResources._003_invoices_expect_sql),
    Migration(
      "0004_tokens", PackageResources._004_tokens_sql, PackageResources._004_tokens_expect_sql),
    Migration(
      "0005_identities", PackageResources._005_identities_sql,
      PackageResources._005_identities_expect_sql),
    Migration(
      "0006_corrections", PackageResources._006_corrections_sql,
      PackageResources._006_corrections_expect_sql),
    Migration(
      "0007_invoice_events", PackageResources._007_invoice_events_sql,
      PackageResources._007_invoice_events_expect_sql),
    Migration(
      "0008_blocks", PackageResources._008_blocks_sql, PackageResources._008_blocks_expect_sql),
    Migration(
      "0009_bucket_samples", PackageResources._009_bucket_samples_sql,
      PackageResources._009_bucket_samples_expect_sql),
    Migration(
      "0010_meter_counts", PackageResources._010_meter_counts_sql,
      PackageResources._010_meter_counts_expect_sql),
    Migration(
      "0011_invoice_life", PackageResources._011_invoice_life_sql,
      PackageResources._011_invoice_life_expect_sql),
    Migration(
      "0012_ledger", PackageResources._012_ledger_sql, PackageResources._012_ledger_expect_sql),
    Migration(
      "0013_adjustments", PackageResources._013_adjustments_sql,
      PackageResources._013_adjustments_expect_sql),
    Migration(
      "0014_block_totals", PackageResources._014_block_totals_sql,
      PackageResources._014_block_totals_expect_sql),
    Migration(
      "0015_shelves", PackageResources._015_shelves_sql,
      PackageResources._015_shelves_expect_sql),
    Migration(
      "0016_pages_by_time", PackageResources._016_pages_by_time_sql,
      PackageResources._016_pages_by_time_expect_sql),
    Migration(
      "0017_samples_by_subject", PackageResources._017_samples_by_subject_sql,
      PackageResources._017_samples_by_subject_expect_sql),
    Migration(
      "0018_held_drafts", PackageResources._018_held_drafts_sql,
      PackageResources._018_held_drafts_expect_sql),
    Migration(
      "0019_taken_back", PackageResources._019_taken_back_sql,
      PackageResources._019_taken_back_expect_sql),
    Migration(
      "0020_credit_note_reversals", PackageResources._020_credit_note_reversals_sql,
      PackageResources._020_credit_note_reversals_expect_sql),
    Migration(
      "0021_authors", PackageResources._021_authors_sql,
      PackageResources._021_authors_expect_sql),
    Migration(
      "0022_proofs", PackageResources._022_proofs_sql, PackageResources._022_proofs_expect_sql),
    Migration(
      "0023_passed_time", PackageResources._023_passed_time_sql,
      PackageResources._023_passed_time_expect_sql),
  ]
}
