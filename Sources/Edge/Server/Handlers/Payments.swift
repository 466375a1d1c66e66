import Base
import Export
import Hummingbird
import Services
import Settlement

extension Handlers {
  /// Records what was paid.
  static func recordPayment(_ call: APICall) async throws -> Response {
    let key: InvoiceKey = try call.key()
    return try await IdempotentRequest(call).perform { document, books in
      var fields = try FieldReader(document)
      let amount = fields.required("amount", Node.decimal)
      let date = fields.required("date", Node.date)
      let reference = fields.required("reference", Node.label)
      let again = fields.optional("again", Node.flag)
      guard fields.isValid, let amount, let date, let reference else { throw fields.failure }
      let entry = PaymentEntry(
        amount: amount, date: date, reference: reference, isAnother: again ?? false)
      let (invoice, payment) = try call.services.settlement.pay(key, entry, books)
      return try invoice.answer(call, with: [.init("payment", payment.json)])
    }
  }

  /// Takes a payment back.
  static func returnPayment(_ call: APICall) async throws -> Response {
    let key: InvoiceKey = try call.key()
    guard let number = call.parameters.get("number").flatMap({ Int($0) }) else {
      throw Fault(.notFound, "there is no such payment")
    }
    return try await IdempotentRequest(call).perform { document, books in
      var fields = try FieldReader(document)
      let reason = fields.required("reason", Node.label)
      let date = fields.optional("date", Node.date)
      guard fields.isValid, let reason else { throw fields.failure }
      let (invoice, payment) = try call.services.settlement.returnPayment(
        number, of: key, on: date, reason: reason, books)
      return try invoice.answer(call, with: [.init("payment", payment.json)])
    }
  }

  /// What was paid of an invoice, payment by payment; those that were taken back say so.
  static func listPayments(_ call: APICall) throws -> Response {
    let format = try AnswerFormat(Query(call), call)
    let items = try call.services.settlement.payments(call.key()).map(\.json)
    return format == .csv
      ? .csv(ListCSV.payments.text(of: items)) : .json(["items": .array(items)])
  }
}

extension StoredPayment {
  fileprivate var json: JSON {
    .object([
      "number": .integer(number), "amount": .text(amount), "currency": .text(amount.currency),
      "date": .text(date), "reference": .string(reference), "at": .text(author.at),
      "by": .string(author.name),
      "returned": returned.map { back in
        .object([
          "date": .text(back.date), "at": .text(back.author.at), "by": .string(back.author.name),
          "reason": back.author.reason.map(JSON.string),
        ])
      },
    ])
  }
}
