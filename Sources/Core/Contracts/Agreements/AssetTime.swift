import Base

/// For how much of an interval an amount for each asset is charged.
package enum AssetTime: String, CaseIterable, Sendable {
  /// For the time that the asset served the contract.
  case served
  /// For all of it, by the contract that the asset served first in it.
  case whole

  static func read(_ fields: inout FieldReader) -> AssetTime? {
    fields.optional("assetTime", Node.word)
  }
}

extension AssetTime? {
  var members: [JSON.Member] {
    map { [.init("assetTime", .string($0.rawValue))] } ?? []
  }
}
