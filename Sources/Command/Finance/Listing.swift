import Base
import Console

/// A list of the API as a table, or as the JSON it came as; all of its pages, or the first of them.
struct Listing {
  struct Column: Sendable {
    let title: String
    let isFigure: Bool
    let cell: @Sendable (JSON) -> String

    static func text(_ name: String, _ title: String? = nil) -> Column {
      Column(title: title ?? name, isFigure: false) { $0.word(name) }
    }

    static func figure(_ name: String, _ title: String? = nil) -> Column {
      Column(title: title ?? name, isFigure: true) { $0.word(name) }
    }
  }

  let path: String
  let query: [(name: String, value: String?)]
  let columns: [Column]
  /// What is said where there is nothing.
  let nothing: String
  var countMax = Int.max

  private static let pageMax = 1000

  func show(_ options: FinanceOptions) async throws {
    let (items, hasMore) = try await items(options.client)
    let more: JSON? = hasMore ? true : nil
    options.say(.object(["items": .array(items), "hasMore": more]), table(items, hasMore))
  }

  /// The rows with their head.
  static func table(_ columns: [Column], _ items: [JSON]) -> String {
    ConsoleTable(
      columns.map(\.title), items.map { item in columns.map { $0.cell(item) } },
      figures: Set(columns.filter(\.isFigure).map(\.title))
    ).text
  }

  private func table(_ items: [JSON], _ hasMore: Bool) -> String {
    guard !items.isEmpty else { return nothing }
    let more = hasMore ? "\nThere are more: --limit says how many are shown." : ""
    return Listing.table(columns, items) + more
  }

  private func items(_ client: APIClient) async throws -> ([JSON], hasMore: Bool) {
    var items: [JSON] = []
    var cursor: String?
    repeat {
      let limit = min(Listing.pageMax, countMax - items.count)
      let page = try await client.get(
        APIClient.path(path, query + [("limit", String(limit)), ("cursor", cursor)]))
      items += page["items"]?.elements ?? []
      cursor = page["next"]?.stringValue
    } while cursor != nil && items.count < countMax
    return (items, cursor != nil)
  }
}
