import Base
import HTTPTypes
import Hummingbird

/// The forms in which documents and lists of finance are given out.
enum AnswerFormat: String, CaseIterable {
  case json, csv

  /// What the query parameter `format` says, or else `Accept`. A form that there is none of is a
  /// fault.
  init(_ query: Query, _ call: APICall) throws {
    let named: AnswerFormat? = try query.optional("format", Node.word)
    let best = Accept(call.request.headers).best(of: Operation.table)
    self = named ?? (best == "text/csv" ? .csv : .json)
  }
}
