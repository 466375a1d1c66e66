package import Base

/// Which events a meter takes notice of, by a value of their data. An event that does not match is
/// none of the meter's business: it is not counted, and nothing is wrong with it.
package struct Condition: Hashable, Sendable {
  package enum Test: Hashable, Sendable {
    case among([Scalar])
    case not([Scalar])
    case exists(Bool)
    /// A number, from the lower bound to below the upper one.
    case range(atLeast: Fixed?, below: Fixed?)
  }

  package let pointer: DataPointer
  package let test: Test

  package init(_ pointer: DataPointer, _ test: Test) {
    self.pointer = pointer
    self.test = test
  }

  /// `data` is JSON that was checked before.
  package func holds(in data: UnsafeRawBufferPointer) -> Bool {
    let found = pointer.value(in: data)
    switch test {
    case .exists(let wanted): return (found != nil) == wanted
    case .among(let values): return found.flatMap { Scalar($0) }.map(values.contains) ?? false
    case .not(let values): return !(found.flatMap { Scalar($0) }.map(values.contains) ?? false)
    case .range(let low, let high):
      guard let number = found.flatMap(DecimalText.inData) else { return false }
      return (low.map { !number.isBelow($0) } ?? true) && (high.map { number.isBelow($0) } ?? true)
    }
  }
}

extension DecimalText {
  /// Rounding down what has more places than a bound can have does not lead past the bound.
  fileprivate func isBelow(_ bound: Fixed) -> Bool {
    guard let limit = bound.exactly(places: Fixed.placesMax)?.units else { return bound.units > 0 }
    return exactly(places: Fixed.placesMax) < limit
  }

  /// In units of 10^-places, rounded down; held inside 126 bits.
  private func exactly(places: Int) -> Int128 {
    let shift = exponent + places
    if shift < 0 {
      guard shift >= -37 else { return significand < 0 ? -1 : 0 }
      let power = Rounding.powerOfTen(-shift)
      let (quotient, remainder) = significand.quotientAndRemainder(dividingBy: power)
      return remainder < 0 ? quotient - 1 : quotient
    }
    let huge = significand.signum() * (Int128.max / 2)
    guard significand != 0, shift <= 37 else { return huge }
    let (units, overflow) = significand.multipliedReportingOverflow(by: Rounding.powerOfTen(shift))
    return overflow ? huge : units
  }
}

extension Condition {
  static func read(_ node: Node) throws(Faults) -> Condition {
    var fields = try FieldReader(node)
    let pointer = fields.required("at", DataPointer.read)
    let values = Node.list(each: Scalar.read, countMax: 100)
    let same = fields.optional("is", Scalar.read)
    let among = fields.optional("in", all: values)
    let not = fields.optional("not", all: values)
    let exists = fields.optional("exists", Node.flag)
    let low = fields.optional("atLeast", Node.decimal)
    let high = fields.optional("below", Node.decimal)
    var tests: [Test] = []
    if let same { tests.append(.among([same])) }
    if let among { tests.append(.among(among)) }
    if let not { tests.append(.not(not)) }
    if let exists { tests.append(.exists(exists)) }
    if low != nil || high != nil { tests.append(.range(atLeast: low, below: high)) }
    if fields.isValid, tests.count != 1 {
      fields.refuse("at", "expected one of `is`, `in`, `not`, `exists`, or `atLeast` and `below`")
    }
    guard fields.isValid, let pointer, tests.count == 1 else { throw fields.failure }
    return Condition(pointer, tests[0])
  }

  var json: JSON {
    let members: [JSON.Member] =
      switch test {
      case .among(let values) where values.count == 1: [.init("is", values[0].json)]
      case .among(let values): [.init("in", .array(values.map(\.json)))]
      case .not(let values): [.init("not", .array(values.map(\.json)))]
      case .exists(let flag): [.init("exists", .bool(flag))]
      case .range(let low, let high):
        [low.map { .init("atLeast", .decimal($0)) }, high.map { .init("below", .decimal($0)) }]
          .compactMap(\.self)
      }
    return .object([.init("at", .string(pointer.text))] + members)
  }
}
