package import Base

/// Turns what a meter reads into another unit, exactly: each event's number before it is taken in,
/// or the value at the end.
package struct Conversion: Hashable, Sendable {
  package enum Moment: String, CaseIterable, Sendable {
    case before, after
  }

  package let unit: MeasureUnit
  package let factor: Ratio
  package let moment: Moment
  /// Nil where nothing is rounded.
  package let rounding: Rounding.Mode?
  package let places: Int

  /// Numbers of single events are kept in decimals, so that they have to be rounded to some.
  package init(
    to unit: MeasureUnit, factor: Ratio, _ moment: Moment, rounding: Rounding.Mode?,
    places: Int = 0
  ) throws(Fault) {
    guard factor > .zero else { throw Fault(.invalidValue, "a factor is positive", at: "/factor") }
    guard moment == .after || rounding != nil else {
      throw Fault(
        .invalidValue, "without rounding, a conversion comes after the aggregation", at: "/rounding"
      )
    }
    self.unit = unit
    self.factor = factor
    self.moment = moment
    self.rounding = rounding
    self.places = rounding == nil ? 0 : places
  }

  package func convert(_ value: Ratio) throws(Fault) -> Quantity {
    let converted = try value * factor
    guard let rounding else { return .fraction(converted) }
    return .decimal(try converted.rounded(to: places, rounding))
  }
}

extension Conversion {
  private enum Words: String, CaseIterable {
    case up, down, half, none
  }

  static func read(_ node: Node) throws(Faults) -> Conversion {
    var fields = try FieldReader(node)
    let unit = fields.required("to", MeasureUnit.read)
    let factor = fields.required("factor", readFactor)
    let moment: Moment? = fields.optional("when", Node.word)
    let word: Words? = fields.optional("rounding", Node.word)
    let places = fields.optional("places", Node.integer(in: 0...9))
    guard fields.isValid, let unit, let factor else { throw fields.failure }
    return try Faults.gather { () throws(Fault) in
      do throws(Fault) {
        return try Conversion(
          to: unit, factor: factor, moment ?? .after,
          rounding: word.flatMap { Rounding.Mode(rawValue: $0.rawValue) }, places: places ?? 0)
      } catch { throw error.nested(under: node.pointer) }
    }
  }

  var json: JSON {
    .object([
      "to": .string(unit.name), "factor": .string(Conversion.text(factor)),
      "when": .string(moment.rawValue), "rounding": .string(rounding?.rawValue ?? "none"),
      "places": .integer(places),
    ])
  }

  /// A decimal, or a fraction of two: `0.001`, `1/3600`.
  private static func readFactor(_ node: Node) throws(Fault) -> Ratio {
    guard case .string(let text) = node.json else { return try Node.decimal(node).ratio }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count) else { throw node.fault("a decimal, or a fraction") }
    do throws(Fault) {
      let whole = try Fixed(parts[0]).ratio
      return parts.count == 1 ? whole : try whole / Fixed(parts[1]).ratio
    } catch { throw node.fault("a decimal, or a fraction such as 1/3600") }
  }

  /// In a form that can be read again.
  private static func text(_ factor: Ratio) -> String {
    (try? Fixed(factor.description)) == nil
      ? "\(factor.numerator)/\(factor.denominator)" : factor.description
  }
}
