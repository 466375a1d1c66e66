import Base

extension StateTerms {
  private enum Word: String, CaseIterable {
    case forceMajeure, customerCaused, planned, down, degraded, unknown, up, silent
  }

  init?(_ fields: inout FieldReader) {
    let pointer = fields.required("value", DataPointer.read)
    let timeout = fields.required(
      "heartbeatTimeoutSeconds", Node.integer(in: 1...Self.holdSecondsMax))
    let rules = fields.required(
      "states",
      all: Node.list(
        of: { (node) throws(Faults) in try StateTerms.rule(node, timeout ?? 1) }, countMax: 100))
    let counted: [StateClass.Kind]? = fields.optional(
      "counted", all: Node.list(each: Node.word, countMax: StateClass.Kind.allCases.count))
    if let rules, Set(rules.map(\.state)).count != rules.count {
      fields.refuse("states", "a state has one meaning")
    }
    guard let pointer, let timeout, let rules else { return nil }
    self.init(
      pointer, heartbeatTimeoutSeconds: timeout, rules: rules, counted: Set(counted ?? [.up]))
  }

  private static func rule(_ node: Node, _ timeout: Int) throws(Faults) -> Rule {
    var fields = try FieldReader(node)
    let state = fields.required("is", Scalar.read)
    let word: Word? = fields.required("class", Node.word)
    let loss = fields.optional("loss", Node.decimal)
    let hold = fields.optional("holdSeconds", Node.integer(in: 1...holdSecondsMax))
    if word != nil, (word == .degraded) != (loss != nil) {
      fields.refuse("loss", "what is degraded, and nothing else, has a `loss`")
    }
    guard fields.isValid, let state, let word else { throw fields.failure }
    let meaning: StateClass? = try Faults.gather { () throws(Fault) in
      if let loss {
        do throws(Fault) { return try StateClass(degradedBy: loss.ratio) } catch {
          throw error.nested(under: node.pointer)
        }
      }
      return StateClass.Kind(rawValue: word.rawValue).map { StateClass($0) }
    }
    return Rule(state, meaning, holdSeconds: hold ?? timeout)
  }

  var members: [JSON.Member] {
    [
      .init("value", .string(pointer.text)),
      .init("heartbeatTimeoutSeconds", .integer(heartbeatTimeoutSeconds)),
      .init("states", .array(rules.map(json))),
      .init(
        "counted",
        .array(counted.sorted().map { .string($0.rawValue) })),
    ]
  }

  private func json(_ rule: Rule) -> JSON {
    .object([
      "is": rule.state.json, "class": .string(rule.meaning?.kind.rawValue ?? Word.silent.rawValue),
      "loss": rule.meaning.flatMap { $0.kind == .degraded ? .text($0.loss) : nil },
      "holdSeconds": rule.holdSeconds == heartbeatTimeoutSeconds ? nil : .integer(rule.holdSeconds),
    ])
  }
}
