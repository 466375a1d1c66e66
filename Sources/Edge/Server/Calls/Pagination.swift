import Access
import Base
import Export
import HTTPTypes
import Hummingbird

/// One page of a list: where it starts, and how long it may be.
struct Page {
  /// The position behind which the page starts, as the last page gave it.
  let after: String?
  let limit: Int

  static let parameters = ["cursor", "limit"]

  init(_ query: Query) throws {
    after = try query.optional("cursor") { (node) throws(Fault) in
      let text = try Node.text(node)
      guard let bytes = Base64URL.decode(text), !bytes.isEmpty else {
        throw node.fault("a cursor of this list")
      }
      return String(decoding: bytes, as: UTF8.self)
    }
    limit =
      try query.optional("limit") { (node) throws(Fault) in
        guard let limit = Int(try Node.text(node)), (1...Limits.pageSizeMax).contains(limit) else {
          throw node.fault("a number from 1 to \(Limits.pageSizeMax)")
        }
        return limit
      } ?? Limits.pageSizeUsual
  }

  /// The position behind which the page starts, read by the list it is a place in.
  func position<Place>(_ read: (String) -> Place?) throws -> Place? {
    guard let after else { return nil }
    guard let place = read(after) else {
      throw Fault(.invalidValue, "query parameter `cursor`: expected a cursor of this list")
    }
    return place
  }

  /// The position of a list that is numbered from one on; zero where the page is the first.
  func number() throws -> Int64 {
    // One less than the largest: whatever follows the position has a number too.
    try position { text in Int64(text).flatMap { (0..<Int64.max).contains($0) ? $0 : nil } } ?? 0
  }

  /// The answer: the items, and where the next page starts if there may be one. `position` names an
  /// item's place in the list's order. As CSV it has the same rows, and the next page in `Link`.
  func answer<Item>(
    _ items: [Item], _ call: APICall, as format: AnswerFormat = .json, in table: ListCSV? = nil,
    position: (Item) -> String, json: (Item) throws -> JSON
  ) throws -> Response {
    let isFull = items.count == limit
    let answer = try answer(items, next: isFull ? items.last.map(position) : nil, call, json: json)
    guard format == .csv, let table else { return answer }
    return .csv(
      table.text(of: try items.map(json)), headers: answer.headers[.link].map { [.link: $0] } ?? [:]
    )
  }

  /// The answer where the list itself says behind which position it goes on.
  func answer<Item>(
    _ items: [Item], next: String?, _ call: APICall, json: (Item) throws -> JSON
  ) throws -> Response {
    let next = next.map { Base64URL.encode($0.utf8) }
    let document: JSON = .object([
      "items": .array(try items.map(json)), "next": next.map(JSON.string),
    ])
    var headers = HTTPFields()
    if let next { headers[.link] = "<\(url(call, next))>; rel=\"next\"" }
    return .json(document, headers: headers)
  }

  /// The request's own address with the cursor replaced.
  private func url(_ call: APICall, _ cursor: String) -> String {
    let uri = call.request.uri
    let others = (uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("cursor=") }
    return uri.path + "?" + (others + ["cursor=\(cursor)"]).joined(separator: "&")
  }
}
