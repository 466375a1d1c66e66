package import Base

/// When a draft of a contract is held until somebody releases it.
package struct ReviewTerms: Hashable, Sendable {
  /// What usage may come to beside the periods before, times the largest of them; nil for the usual
  /// factor, zero for any.
  package let jump: Fixed?
  /// Wider or narrower bounds than the meters have themselves.
  package let bounds: [MeterKey: MeterBounds]

  package static let none = ReviewTerms(jump: nil, bounds: [:])

  package static let jumpUsual = Fixed(units: 10, places: 0)

  package var jumpFactor: Fixed { jump ?? Self.jumpUsual }
}

extension ReviewTerms {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let jump = fields.optional("jump", ReviewTerms.readJump)
    let list = fields.optional("bounds", all: Node.list(of: BoundsOfMeter.init(_:), countMax: 100))
    if let list, Set(list.map(\.meter)).count < list.count {
      fields.refuse("bounds", "two bounds are of one meter")
    }
    guard fields.isValid else { throw fields.failure }
    self.init(
      jump: jump,
      bounds: Dictionary((list ?? []).map { ($0.meter, $0.bounds) }) { first, _ in first })
  }

  private static func readJump(_ node: Node) throws(Fault) -> Fixed {
    let factor = try Node.nonNegative(node)
    guard factor.places <= 6, factor.units <= 1_000_000 * Rounding.powerOfTen(factor.places),
      factor.units == 0 || factor.units > Rounding.powerOfTen(factor.places)
    else { throw node.fault("a factor above 1, of at most 6 places and up to 1000000, or 0") }
    return factor
  }

  var json: JSON {
    .object([
      "jump": jump.map { .decimal($0) },
      "bounds": bounds.isEmpty
        ? nil
        : .array(
          bounds.sorted { $0.key < $1.key }.map {
            .object([.init("meter", .text($0.key))] + $0.value.members)
          }),
    ])
  }
}

private struct BoundsOfMeter {
  let meter: MeterKey
  let bounds: MeterBounds

  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let meter = fields.required("meter", MeterKey.read)
    let bounds = MeterBounds(&fields)
    guard fields.isValid, let meter else { throw fields.failure }
    (self.meter, self.bounds) = (meter, bounds)
  }
}
