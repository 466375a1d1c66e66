import Base
import Hummingbird
import Services
import Settlement

extension Handlers {
  /// Rates months under another version of a contract or a draft of the catalog, and tells the
  /// differences. Nothing is kept.
  static func simulate(_ call: APICall) async throws -> Response {
    let question = try question(await call.document(bytesMax: Limits.catalogBytesMax), call)
    let results = try await call.blocking(.reports) {
      try call.services.simulations.run(question)
    }
    return .json(["results": .array(results.map(\.json))])
  }

  private static func question(_ node: Node, _ call: APICall) throws -> SimulationService.Question {
    var fields = try FieldReader(node)
    let from = fields.required("from", call.month)
    let to = fields.optional("to", call.month) ?? from
    let customer = fields.optional("customer", CustomerKey.read)
    let contract = fields.optional("contract", ContractKey.read)
    let versions = fields.optional("versions", all: versions)
    let draft = fields.optional("catalog") { (node) throws(Fault) in ProposedObjects(node) }
    if let from, let to, !(from <= to && to < from.advanced(by: ReportService.monthsMax)) {
      fields.refuse("to", "not before `from`, and at most \(ReportService.monthsMax) months")
    }
    guard fields.isValid, let from, let to else { throw fields.failure }
    guard versions?.isEmpty == false || draft != nil else {
      throw Fault(.missingField, "`versions` or `catalog` is required")
    }
    var question = SimulationService.Question(from...to)
    question.customer = customer
    question.contract = contract
    question.versions = versions ?? [:]
    question.draft = draft
    return question
  }

  private static func versions(_ node: Node) throws(Faults) -> [ContractKey: Int] {
    guard case .object(let members) = node.json else {
      throw Faults([node.fault("an object, with a version by the key of each contract")])
    }
    var versions: [ContractKey: Int] = [:]
    var faults: [Fault] = []
    for member in members {
      let place = Node(member.value, at: node.pointer + JSON.pointerStep(member.name))
      do throws(Fault) {
        versions[try ContractKey(member.name)] = try Node.integer(in: 1...1_000_000)(place)
      } catch {
        faults.append(error.pointer.isEmpty ? error.nested(under: place.pointer) : error)
      }
    }
    if !faults.isEmpty { throw Faults(faults) }
    return versions
  }
}

extension SimulationService.Result {
  fileprivate var json: JSON {
    switch self {
    case .compared(let difference): difference.json
    case .parked(let contract, let month, let isDraft, let fault):
      [
        "contract": .text(contract), "month": .text(month),
        "reason": [
          "side": isDraft ? "after" : "before", "code": .string(fault.code.rawValue),
          "detail": .string(fault.detail),
        ],
      ]
    }
  }
}
