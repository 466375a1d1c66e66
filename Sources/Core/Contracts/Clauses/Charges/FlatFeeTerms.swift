package import Base

/// The same amount each period, whatever is used. Formula: Rating, `FlatFee`.
package struct FlatFeeTerms: ClauseTerms {
  package static var kind: String { "flatFee" }

  package let amount: Fixed
  /// Whether a period that the contract covers in part costs only that part.
  package let isProrated: Bool
  /// Where each asset is charged by itself, for how much of the time; nil is `served`.
  package let assetTime: AssetTime?

  package init(amount: Fixed, isProrated: Bool = true, assetTime: AssetTime? = nil) {
    self.amount = amount
    self.isProrated = isProrated
    self.assetTime = assetTime
  }
}

extension FlatFeeTerms {
  package func summary(in currency: Currency) -> String { "\(amount) \(currency) a month" }

  package init?(_ fields: inout FieldReader) {
    let amount = fields.required("amount", Node.decimal)
    let isProrated = fields.optional("prorated", Node.flag)
    let assetTime = AssetTime.read(&fields)
    guard let amount else { return nil }
    self.init(amount: amount, isProrated: isProrated ?? true, assetTime: assetTime)
  }

  package var members: [JSON.Member] {
    [.init("amount", .decimal(amount)), .init("prorated", .bool(isProrated))]
      + assetTime.members
  }
}
