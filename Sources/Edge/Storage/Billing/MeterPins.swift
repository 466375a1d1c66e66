import Base
import Contracts
import GRDB
import Metering
import Settlement

/// By which versions of its meters a period is counted: those that serve or, where it is final,
/// those that its invoice names. A new version of a meter thus leaves alone what was billed by
/// another, unless the period was to be counted again.
struct MeterPins: Hashable {
  static let serving = MeterPins(versions: [:])

  /// Of the meters of which another version serves.
  let versions: [MeterKey: Int]

  var areServing: Bool { versions.isEmpty }

  /// `named` are versions as a document has them.
  init(_ named: JSON, _ state: CatalogState) throws {
    var versions: [MeterKey: Int] = [:]
    for (text, version) in Invoice.meterVersions(of: ["meters": named]) {
      let key = try MeterKey(text)
      if state.servingVersion(of: key) != version { versions[key] = version }
    }
    self.versions = versions
  }

  private init(versions: [MeterKey: Int]) { self.versions = versions }
}

extension Look {
  /// Those of a period of a contract.
  func pins(_ contract: ContractKey, _ month: BillingMonth) throws -> MeterPins {
    guard state.hasNewMeters else { return .serving }
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT key, document ->> '$.meters' FROM invoice_standing
          WHERE contract = ? AND month = ? AND status = 'final' AND NOT is_void
          ORDER BY length(key) DESC, key DESC LIMIT 1
          """), arguments: [contract.text, month.description])
    guard let row, !recounted.contains(try InvoiceKey(row[0] as String)) else { return .serving }
    let again = try String.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT body ->> '$.meters' FROM invoice_event
          WHERE invoice = ? AND kind = 'recounted' ORDER BY sequence DESC LIMIT 1
          """), arguments: [row[0] as String])
    let named: String? = again ?? row[1]
    return try named.map { try MeterPins(JSON(parsing: Array($0.utf8)), state) } ?? .serving
  }

  /// Whether all meters that a draft rests on are the versions that serve.
  func hasServingMeters(_ draft: KeptInvoice) throws -> Bool {
    guard state.hasNewMeters else { return true }
    let document = try JSON(parsing: Array(draft.document.utf8))
    return try MeterPins(document["meters"] ?? .null, state).areServing
  }

  /// The meter as it serves, or as it was in the version that is pinned.
  func meter(_ key: MeterKey, _ pins: MeterPins) throws -> MeterDefinition {
    guard let version = pins.versions[key] else { return try state.meter(key) }
    let text = try String.fetchOne(
      db.cachedStatement(
        sql: "SELECT document FROM catalog_object WHERE kind = 'meter' AND key = ? AND version = ?"
      ), arguments: [key.text, version])
    guard let text else {
      throw Fault(.danglingReference, "there is no version \(version) of meter `\(key)`")
    }
    return try MeterDefinition(Node(JSON(parsing: Array(text.utf8))), key: key)
  }

  /// All meters, those that are pinned as they were.
  func meters(_ pins: MeterPins) throws -> MeterBook {
    guard !pins.areServing else { return state.meters }
    let others = state.meters.meters.filter { pins.versions[$0.key] == nil }
    return MeterBook(try others + pins.versions.keys.sorted().map { try meter($0, pins) })
  }
}
