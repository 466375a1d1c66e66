package import Base

/// A place in a document of the catalogue that names another thing of the catalogue.
package struct Reference: Hashable, Sendable {
  package enum Noun: String, Sendable {
    case customer, meter, contract
    case indexSeries = "index series"
  }

  package let noun: Noun
  package let key: String
  /// Of the place, from the beginning of the document.
  package let pointer: String

  private init(_ noun: Noun, _ key: String, at pointer: String) {
    self.noun = noun
    self.key = key
    self.pointer = pointer
  }

  static func to(_ key: CustomerKey, at pointer: String) -> Reference {
    Reference(.customer, key.text, at: pointer)
  }

  static func to(_ key: MeterKey, at pointer: String) -> Reference {
    Reference(.meter, key.text, at: pointer)
  }

  static func to(_ key: ContractKey, at pointer: String) -> Reference {
    Reference(.contract, key.text, at: pointer)
  }

  static func to(_ key: IndexSeriesKey, at pointer: String) -> Reference {
    Reference(.indexSeries, key.text, at: pointer)
  }

  func nested(under prefix: String) -> Reference { Reference(noun, key, at: prefix + pointer) }

  /// What to say where it leads nowhere.
  package var fault: Fault {
    Fault(.danglingReference, "there is no \(noun.rawValue) `\(key)`", at: pointer)
  }
}
