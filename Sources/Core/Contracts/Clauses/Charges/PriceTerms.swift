package import Base

/// What a quantity costs, as price lists say it. Formula: Rating, `Price`.
package enum PriceTerms: Hashable, Sendable {
  case perUnit(rate: Fixed)
  case package(PackageTerms)
  /// Every unit at the rate of the tier it falls into.
  case graduated(TierTerms)
  /// All units at the rate of the tier the whole quantity falls into.
  case volume(TierTerms)

  /// The models, by their names in a contract.
  package enum Model: String, CaseIterable, Sendable {
    case perUnit, package, graduated, volume
  }
}

/// A price for so many units at once.
package struct PackageTerms: Hashable, Sendable {
  /// What becomes of a package that is not full.
  package enum Begun: String, CaseIterable, Sendable {
    case charged, free
  }

  package let amount: Fixed
  package let units: Fixed
  package let begun: Begun

  package init(amount: Fixed, units: Fixed, begun: Begun = .charged) throws(Fault) {
    guard units.units > 0 else {
      throw Fault(.invalidValue, "a package holds something", at: "/units")
    }
    self.amount = amount
    self.units = units
    self.begun = begun
  }
}

extension PriceTerms {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let model: Model? = fields.required("model", Node.word)
    guard let model else { throw fields.failure }
    let terms: PriceTerms? =
      switch model {
      case .perUnit: fields.required("rate", Node.decimal).map(PriceTerms.perUnit)
      case .package: PackageTerms(&fields).map(PriceTerms.package)
      case .graduated: TierTerms(&fields).map(PriceTerms.graduated)
      case .volume: TierTerms(&fields).map(PriceTerms.volume)
      }
    guard fields.isValid, let terms else { throw fields.failure }
    self = terms
  }

  var json: JSON {
    let (model, members): (Model, [JSON.Member]) =
      switch self {
      case .perUnit(let rate): (.perUnit, [.init("rate", .decimal(rate))])
      case .package(let terms): (.package, terms.members)
      case .graduated(let terms): (.graduated, terms.members)
      case .volume(let terms): (.volume, terms.members)
      }
    return .object([.init("model", .string(model.rawValue))] + members)
  }
}

extension PackageTerms {
  init?(_ fields: inout FieldReader) {
    let amount = fields.required("amount", Node.decimal)
    let units = fields.required("units", Node.decimal)
    let begun: Begun? = fields.optional("begun", Node.word)
    guard let amount, let units else { return nil }
    do throws(Fault) {
      try self.init(amount: amount, units: units, begun: begun ?? .charged)
    } catch {
      fields.refuse("units", error.detail)
      return nil
    }
  }

  var members: [JSON.Member] {
    [
      .init("amount", .decimal(amount)), .init("units", .decimal(units)),
      .init("begun", .string(begun.rawValue)),
    ]
  }
}
