/// What a key is the name of; it makes `CustomerKey` and `AssetKey` different types.
package protocol KeyKind: Sendable {
  static var noun: String { get }
  static var lengthMax: Int { get }
}

extension KeyKind {
  package static var lengthMax: Int { 64 }
}

/// A name that people and programs choose for a thing: 1 to 64 of `A-Z a-z 0-9 . _ ~ : -`,
/// which are the characters that stand unchanged in a path of a URL.
package struct Key<Kind: KeyKind>: Hashable, Comparable, Sendable {
  package let text: String

  package init(_ text: String) throws(Fault) {
    guard (1...Kind.lengthMax).contains(text.utf8.count), text.utf8.allSatisfy(Key.allows) else {
      throw Fault(
        .invalidValue,
        """
        `\(text.prefix(80))` is no \(Kind.noun): \
        1 to \(Kind.lengthMax) of A-Z a-z 0-9 . _ ~ : -
        """)
    }
    self.text = text
  }

  package static func < (left: Key, right: Key) -> Bool { left.text < right.text }

  private static func allows(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      return true
    default:
      return ".:_~-".utf8.contains(byte)
    }
  }
}

extension Key: CustomStringConvertible {
  package var description: String { text }
}

package enum CustomerKind: KeyKind { package static let noun = "customer key" }
package enum AssetKind: KeyKind { package static let noun = "asset key" }
package enum MeterKind: KeyKind { package static let noun = "meter key" }
package enum ContractKind: KeyKind { package static let noun = "contract key" }
package enum IndexSeriesKind: KeyKind { package static let noun = "index series key" }
package enum TaxKind: KeyKind { package static let noun = "tax key" }
package enum CalendarKind: KeyKind { package static let noun = "calendar key" }
package enum OutcomeKind: KeyKind { package static let noun = "outcome key" }
/// The key of a contract with a month behind it, and the number of the issue where it is not the
/// first.
package enum InvoiceKind: KeyKind {
  package static let noun = "invoice key"
  package static let lengthMax = 76
}

package typealias CustomerKey = Key<CustomerKind>
package typealias AssetKey = Key<AssetKind>
package typealias MeterKey = Key<MeterKind>
package typealias ContractKey = Key<ContractKind>
package typealias IndexSeriesKey = Key<IndexSeriesKind>
package typealias TaxKey = Key<TaxKind>
package typealias CalendarKey = Key<CalendarKind>
package typealias OutcomeKey = Key<OutcomeKind>
package typealias InvoiceKey = Key<InvoiceKind>
