package import Base
package import Contracts
package import Metering

/// The kinds of things of the catalog, in the order in which they may refer to each other.
package enum CatalogKind: String, CaseIterable, Sendable {
  case customer, meter, indexSeries, tax, calendar, contract, asset

  /// The name of all of them, where a document holds a whole catalog.
  package var section: String {
    switch self {
    case .customer: "customers"
    case .meter: "meters"
    case .indexSeries: "indexSeries"
    case .tax: "taxes"
    case .calendar: "calendars"
    case .contract: "contracts"
    case .asset: "assets"
    }
  }

  /// What one of them is called.
  package var noun: String { self == .indexSeries ? "index series" : rawValue }

  /// Nil for keys of what is not in the catalog.
  package init?(_ kind: any KeyKind.Type) {
    switch kind {
    case is CustomerKind.Type: self = .customer
    case is MeterKind.Type: self = .meter
    case is IndexSeriesKind.Type: self = .indexSeries
    case is TaxKind.Type: self = .tax
    case is CalendarKind.Type: self = .calendar
    case is ContractKind.Type: self = .contract
    case is AssetKind.Type: self = .asset
    default: return nil
    }
  }
}

/// One version of one thing, as it is kept.
package struct CatalogVersion: Hashable, Sendable {
  package let kind: CatalogKind
  package let key: String
  package let version: Int
  package let document: JSON

  package init(kind: CatalogKind, key: String, version: Int, document: JSON) {
    self.kind = kind
    self.key = key
    self.version = version
    self.document = document
  }
}

/// A document as the type of its kind reads it.
package enum CatalogObject {
  case customer(Customer)
  case meter(MeterDefinition)
  case indexSeries(IndexSeries)
  case tax(Tax)
  case calendar(HolidayCalendar)
  case contract(Contract)
  case asset(Asset)

  package init(_ kind: CatalogKind, _ key: String, _ node: Node) throws(Faults) {
    switch kind {
    case .customer: self = .customer(try CatalogObject.read(key, node))
    case .meter: self = .meter(try CatalogObject.read(key, node))
    case .indexSeries: self = .indexSeries(try CatalogObject.read(key, node))
    case .tax: self = .tax(try CatalogObject.read(key, node))
    case .calendar: self = .calendar(try CatalogObject.read(key, node))
    case .contract: self = .contract(try CatalogObject.read(key, node))
    case .asset: self = .asset(try CatalogObject.read(key, node))
    }
  }

  package var document: any CatalogDocument {
    switch self {
    case .customer(let customer): customer
    case .meter(let meter): meter
    case .indexSeries(let series): series
    case .tax(let tax): tax
    case .calendar(let calendar): calendar
    case .contract(let contract): contract
    case .asset(let asset): asset
    }
  }

  private static func read<Document: CatalogDocument>(
    _ text: String, _ node: Node
  ) throws(Faults) -> Document {
    let key: Key<Document.Noun>
    do throws(Fault) {
      key = try Key(text)
    } catch {
      throw Faults([error.nested(under: node.pointer)])
    }
    return try Document(node, key: key)
  }
}
