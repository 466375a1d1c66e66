import Base
import Contracts
import Rating
import Testing

@Suite("Percentages of public billing systems")
struct PercentageTableTests {
  struct Case: Sendable, CustomStringConvertible {
    let terms: String
    let name: String
    let payments: [String]
    let amount: String
    var description: String { "\(name): \(terms), \(payments.joined(separator: " "))" }
  }

  static let cases: [Case] = {
    var terms = ""
    return percentageTable.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("  ") else {
        terms = String(line)
        return nil
      }
      let words = line.split(separator: " ").map(String.init)
      return Case(
        terms: terms, name: words[0],
        payments: words[1..<words.count - 1].filter { $0 != "+" }, amount: words.last!)
    }
  }()

  @Test("Each comes to the same fee here", arguments: cases)
  func amount(_ fee: Case) throws {
    let desk = try SmallDesk(
      meters: """
        {"payments":{"aggregation":"sum","eventTypes":["payment"],"unit":"USD",
         "value":"/amount","places":2,"allowsNegative":true}}
        """,
      clauses: "[{\"key\":\"fee\",\"kind\":\"percentage\",\"meter\":\"payments\",\(terms(fee))}]")
    let events = try fee.payments.enumerated().map { place, amount in
      try SmallDesk.Event(
        "payments", at: "2026-04-0\(place + 1)T10:00:00Z", amount)
    }
    let lines = try desk.lines(of: "2026-04", events)
    #expect(lines.count == 1)
    #expect(try lines[0].derivation.steps.last?.exact == Fixed(fee.amount).ratio)
  }

  /// The terms as members of a clause.
  private func terms(_ fee: Case) throws -> String {
    guard fee.terms.hasPrefix("tiers ") else {
      let words = fee.terms.split(separator: " ")
      return stride(from: 0, to: words.count, by: 2).map { place in
        let isCount = words[place] == "freeEvents"
        return "\"\(words[place])\":"
          + (isCount ? "\(words[place + 1])" : "\"\(words[place + 1])\"")
      }.joined(separator: ",")
    }
    let tiers = fee.terms.dropFirst("tiers ".count).split(separator: ";").map { tier in
      let words = tier.split { " :".contains($0) }
      let end = words[0] == "upTo" ? "\"upTo\":\"\(words[1])\"," : ""
      let rate = words[words[0] == "upTo" ? 2 : 1]
      let flat = words.contains("flat") ? ",\"flat\":\"\(words.last!)\"" : ""
      return "{\(end)\"rate\":\"\(rate)\"\(flat)}"
    }
    return "\"tiers\":[\(tiers.joined(separator: ","))]"
  }

  @Test("The table is there, whole")
  func count() {
    #expect(Self.cases.count == 14)
    #expect(Set(Self.cases.map(\.name)).count == 14)
  }
}
