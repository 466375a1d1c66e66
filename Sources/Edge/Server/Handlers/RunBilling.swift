import Access
import Base
import Hummingbird
import Services
import Settlement
import Workflow

extension Handlers {
  /// Rates a month, or all that is over by a day, and writes drafts; where that is asked for, it
  /// finalises those whose grace window is over. Running it again with nothing new changes nothing.
  static func runBilling(_ call: APICall) async throws -> Response {
    let post = try await IdempotentRequest(call)
    return try await post.performInParts { document in
      let request = try BillingRequest.read(document, call)
      if request.finalises,
        let refusal = call.caller?.refusal(of: .call(anyOf: [.finaliseInvoices]))
      {
        throw refusal
      }
      let report = try call.services.billing.run(request, by: post.name, now: call.now)
      return IdempotentResponse(report.json(request))
    }
  }
}

extension BillingRequest {
  private static let contractsMaxMax = 10_000

  /// A month or a day is asked for, not both; what is only shown is not finalised.
  fileprivate static func read(
    _ document: Node, _ call: APICall
  ) throws -> BillingRequest {
    var fields = try FieldReader(document)
    let isAsOf = document.json["asOf"] != nil
    let day = fields.optional("asOf", call.dayBegun)
    let month =
      isAsOf ? fields.optional("month", call.month) : fields.required("month", call.month)
    let customer = fields.optional("customer", CustomerKey.read)
    let finalise = fields.optional("finalise", Node.flag) ?? false
    let isDryRun = fields.optional("dryRun", Node.flag) ?? false
    let after = fields.optional("after", ContractKey.read)
    let limit = fields.optional("limit", Node.integer(in: 1...contractsMaxMax))
    let recount = fields.optional(
      "recount", all: Node.list(each: InvoiceKey.read, countMax: contractsMaxMax))
    if month != nil, isAsOf { fields.refuse("asOf", "say `month` or `asOf`, not both") }
    if finalise, isDryRun { fields.refuse("finalise", "nothing is kept in a dry run") }
    guard fields.isValid, let span = day.map(Span.asOf) ?? month.map(Span.month) else {
      throw fields.failure
    }
    return BillingRequest(
      span, customer: customer, after: after, contractsMax: limit, isDryRun: isDryRun,
      finalises: finalise, recount: Set(recount ?? []))
  }
}

extension BillingReport {
  fileprivate func json(_ request: BillingRequest) -> JSON {
    var members: [JSON.Member] = []
    switch request.span {
    case .month(let month): members.append(.init("month", .text(month)))
    case .asOf(let day): members.append(.init("asOf", .text(day)))
    }
    if request.isDryRun { members.append(.init("dryRun", true)) }
    members.append(.init("results", .array(results.map(\.json))))
    if !neverBilled.isEmpty {
      members.append(.init("neverBilled", .array(neverBilled.map(\.json))))
    }
    if let next { members.append(.init("next", .text(next))) }
    return .object(members + [.init("remaining", .integer(remaining))])
  }
}

extension NeverBilled {
  fileprivate var json: JSON {
    [
      "contract": .text(contract), "customer": .text(customer),
      "first": .text(months.lowerBound), "last": .text(months.upperBound),
      "periods": .integer(count), "draft": .bool(isDraft), "detail": .string(sentence),
    ]
  }
}

extension RunResult {
  fileprivate var json: JSON {
    .object([
      "contract": .text(contract), "customer": customer.map { .text($0) },
      "month": .text(month), "outcome": .string(outcome.rawValue),
      "invoice": invoice.map { .text($0) },
      "number": number.map { .text($0) }, "net": net.map { .text($0) },
      "tax": tax.map { .text($0) },
      "total": total.map { .text($0) }, "currency": total.map { .text($0.currency) },
      "due": due.map { .text($0) }, "difference": difference.map { .text($0) },
      "held": isHeld ? true : nil,
      "reasons": allReasons.isEmpty ? nil : .array(allReasons),
    ])
  }

  private var allReasons: [JSON] {
    // What keeps a draft open may be what there is to note of it.
    let told = faults + notes.filter { note in !faults.contains { $0.code == note.code } }
    return told.map { ["code": .string($0.code.rawValue), "detail": .string($0.detail)] }
      + reasons.map(\.json)
  }
}
