package import Base

/// How much is credited below each agreed level, in per cent of the base.
package struct CreditBands: Hashable, Sendable {
  package struct Band: Hashable, Sendable {
    /// The least that still falls into the band, in per cent; nil for all that is left.
    package let atLeast: Fixed?
    /// What is credited.
    package let percent: Fixed

    package init(atLeast: Fixed?, percent: Fixed) {
      self.atLeast = atLeast
      self.percent = percent
    }
  }

  /// Falling; the last of them has no bound, and no other.
  package let bands: [Band]

  package init(_ bands: [Band]) throws(Fault) {
    guard let last = bands.last, last.atLeast == nil else {
      throw Fault(.invalidValue, "the last band has no `atLeast`: it takes all that is left")
    }
    var bound: Ratio?
    for band in bands.dropLast() {
      guard let next = try band.atLeast?.ratio, bound.map({ next < $0 }) ?? true else {
        throw Fault(.invalidValue, "every band but the last has an `atLeast`, and these fall")
      }
      bound = next
    }
    self.bands = bands
  }
}

extension CreditBands {
  init(_ node: Node) throws(Faults) {
    let bands = try Node.list(of: Band.init(_:), countMax: 100)(node)
    do throws(Fault) {
      try self.init(bands)
    } catch {
      throw Faults([error.nested(under: node.pointer)])
    }
  }

  var json: JSON {
    .array(
      bands.map {
        .object([
          "atLeast": $0.atLeast.map(JSON.decimal), "percent": .decimal($0.percent),
        ])
      })
  }
}

extension CreditBands.Band {
  init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let atLeast = fields.optional("atLeast", Node.percent)
    let percent = fields.required("percent", Node.percent)
    guard fields.isValid, let percent else { throw fields.failure }
    self.init(atLeast: atLeast, percent: percent)
  }
}
