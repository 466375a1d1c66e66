import Access
import Base
import Contracts
import Hummingbird
import Ingestion
import Metering
import Rating
import Services
import Workflow

extension Handlers {
  /// Where outcomes stand now, and what each was billed.
  static func listOutcomes(_ call: APICall) throws -> Response {
    let query = Query(call)
    let page = try Page(query)
    var filter = OutcomeService.Filter()
    filter.customer = try query.optional("customer", CustomerKey.read)
    filter.contract = try query.optional("contract", ContractKey.read)
    filter.clause = query.text("clause")
    filter.asset = try query.optional("asset", AssetKey.read)
    filter.state = try query.optional("state", Node.word)
    let items = try call.services.outcomes.list(
      filter, after: page.position(position), limit: page.limit, now: call.now)
    return try page.answer(
      items, call, position: { JSON.array($0.position.map(JSON.string)).text }, json: \.json)
  }

  private static func position(_ text: String) -> [String]? {
    let steps = (try? JSON(parsing: Array(text.utf8)))?.elements?.compactMap(\.stringValue)
    return steps?.count == 4 ? steps : nil
  }

  /// Records what somebody says of an outcome as an event of the log, like those that devices send.
  /// Saying the same again changes nothing.
  static func sayOfOutcome(_ transition: OutcomeTransition, _ call: APICall) async throws
    -> Response
  {
    var fields = try FieldReader(await call.document())
    var filter = OutcomeService.Filter()
    filter.contract = fields.optional("contract", ContractKey.read)
    filter.clause = fields.optional("clause", Node.label)
    filter.asset = fields.optional("asset", AssetKey.read)
    let id = fields.optional("id", Node.label)
    let time = fields.optional("time", Node.instant)
    guard fields.isValid else { throw fields.failure }
    filter.outcome = try call.key() as OutcomeKey
    let wanted = filter
    let statement = try await call.blocking(.acts) {
      let item = try call.services.outcomes.one(wanted, now: call.now)
      try call.requireAnswer(for: item.entry.outcome.claim)
      return try OutcomeStatement(transition, item, id: id, time: time, call)
    }
    // That this caller may give the answer was decided by the claim; the event is the service's
    // own.
    let document = try IngestRequest(
      statement.event.bytes, .single, by: Poster(name: call.caller?.subject), call.services)
    let failure = document.receipt(try await document.store()).failure
    if !failure.isEmpty { throw Faults(failure) }
    return try await call.blocking(.acts) {
      .json(try call.services.outcomes.one(wanted, now: call.now).json)
    }
  }
}

extension APICall {
  /// Whoever is bound to some sources and assets answers for what these claim alone; nothing else
  /// is there for them.
  fileprivate func requireAnswer(for claim: OutcomeEvent) throws(Fault) {
    let refusal = caller?.refusal(
      ofEventWith: claim.source, claim.subject, anyOf: [.answerOutcomes])
    if refusal != nil { throw Fault(.notFound, "there is no such outcome") }
  }
}

/// What somebody says of an outcome, as the event that it becomes: the claim's own, with another
/// transition, so that the same meter counts it.
private struct OutcomeStatement {
  let event: JSON

  /// Without an id it is derived from what is said; without a time it is now, or when it was said
  /// before.
  init(
    _ transition: OutcomeTransition, _ item: OutcomeService.Item, id: String?, time: Instant?,
    _ call: APICall
  ) throws {
    let outcome = item.entry.outcome
    let source = "\(OutcomeEvent.sourceOfAnswers)\(item.contract.key)/\(item.clause)"
    let id = id ?? "\(outcome.key)~\(transition.rawValue)"
    let known = try call.services.commit.find(source: source, id: id)
      .flatMap { try call.services.traces.detail($0)?.event.content.occurred }
    let moment = time ?? known ?? call.now
    if known == nil, outcome.standing.since <= moment, !outcome.allows(transition, at: moment) {
      throw Fault(
        .outcomeSettled,
        "the outcome is \(outcome.standing.state.rawValue): `\(transition.rawValue)` has no effect")
    }
    event = [
      "specversion": "1.0", "id": .string(id), "source": .string(source),
      "type": .string(outcome.claim.type), "subject": .string(outcome.claim.subject),
      "time": .text(moment), "data": OutcomeStatement.data(of: outcome.claim, transition),
    ]
  }

  /// What a claim says of the outcome itself holds for what is said of it later.
  private static func data(of claim: OutcomeEvent, _ transition: OutcomeTransition) -> JSON {
    guard case .object(let members) = claim.data else { return claim.data }
    return .object(
      members.filter { $0.name != "shares" }.map { member in
        member.name == "transition"
          ? JSON.Member(member.name, .string(transition.rawValue)) : member
      })
  }
}

extension OutcomeService.Item {
  /// What it costs, when it became that, and the invoice that has it.
  private var price: JSON? {
    entry.price.map { price in
      .object([
        "time": .text(entry.billable?.since ?? entry.outcome.standing.since),
        "price": .decimal(price), "share": .text(entry.share), "amount": .text(entry.amount),
        "currency": .text(contract.currency), "invoice": invoice.map { .text($0) },
      ])
    }
  }

  fileprivate var json: JSON {
    let outcome = entry.outcome
    return .object([
      "key": .text(outcome.key), "contract": .text(contract.key), "clause": .string(clause),
      "asset": asset.map { .text($0) }, "customer": .text(contract.customer),
      "subject": .string(outcome.claim.subject),
      "state": .string(outcome.standing.state.rawValue),
      "windowEnd": outcome.windowEnd.map { .text($0) },
      "history": .array(
        outcome.history.map {
          ["state": .string($0.state.rawValue), "since": .text($0.since)]
        }),
      "billable": invoice == nil ? price : nil,
      "billed": invoice == nil ? nil : price,
      "unbilled": entry.unbilled.map { .string($0.rawValue) },
      "ignored": outcome.withoutEffect.isEmpty
        ? nil
        : .array(
          outcome.withoutEffect.map { ["source": .string($0.source), "id": .string($0.id)] }),
    ])
  }
}
