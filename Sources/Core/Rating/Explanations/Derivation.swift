package import Base

/// How a line was computed: its steps as data, and as one sentence a person can read.
package struct Derivation: Hashable, Sendable {
  /// One computation: what went in, what came out exactly, and what that was rounded to.
  package struct Step: Hashable, Sendable {
    package let name: String
    package let formula: String
    package let inputs: [Input]
    package let exact: Ratio
    /// What later steps use; nil where they use the exact value.
    package let rounded: Fixed?
  }

  package struct Input: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: some CustomStringConvertible) {
      self.name = name
      self.value = value.description
    }
  }

  package let steps: [Step]
  package let sentence: String

  package var json: JSON {
    ["steps": .array(steps.map(\.json)), "sentence": .string(sentence)]
  }
}

/// A value that was rounded, together with the step that tells how it came about.
struct Derived {
  let value: Fixed
  let step: Derivation.Step

  /// Half away from zero to `places`.
  init(
    _ name: String, _ formula: String, _ inputs: [Derivation.Input], _ exact: Ratio, places: Int
  ) throws(Fault) {
    value = try exact.rounded(to: places)
    step = Derivation.Step(
      name: name, formula: formula, inputs: inputs, exact: exact, rounded: value)
  }

  var ratio: Ratio { get throws(Fault) { try value.ratio } }
}

extension Derivation.Step {
  fileprivate var json: JSON {
    .object([
      "name": .string(name), "formula": .string(formula),
      "inputs": .object(inputs.map { JSON.Member($0.name, .string($0.value)) }),
      "exact": .text(exact), "rounded": rounded.map(JSON.decimal),
    ])
  }
}
