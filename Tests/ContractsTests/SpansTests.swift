import Base
import Contracts
import Testing

/// Spans hold whole billing periods, and only a clause for each asset is about an asset's time.
struct SpansTests {
  private static func faults(of clauses: String, every: String) -> [String] {
    let text = """
      {"customer":"acme","currency":"EUR","zone":"UTC","from":"2026-01-01",
       "billing":{"every":"\(every)"},"clauses":[\(clauses)]}
      """
    do {
      _ = try Contract(Node(JSON(parsing: Array(text.utf8))), key: ContractKey("c"))
      return []
    } catch let faults as Faults {
      return faults.list.map { "\($0.code.rawValue) \($0.pointer)" }
    } catch {
      return ["\(error)"]
    }
  }

  private static let kpi =
    #"{"name":"x","weight":"1","meter":"m","threshold":"0","target":"100"}"#

  private static func card(_ span: String) -> String {
    #"{"key":"s","kind":"scorecard","span":"\#(span)","kpis":[\#(kpi)]}"#
  }

  private static let resets =
    #"{"key":"e","kind":"severityHours","hours":"h","cycles":"m","rate":"1","cycleRate":"0","#
    + #""legTable":[{"at":1,"factor":1}],"ratioWindow":{"trailingMonths":6,"every":"month"}}"#

  static let spans: [(clause: String, every: String, faults: [String])] = [
    (card("quarter"), "month", []), (card("quarter"), "quarter", []),
    (card("halfYear"), "quarter", []),
    (card("quarter"), "halfYear", ["invalid_value /clauses/0/span"]),
    (card("month"), "quarter", ["invalid_value /clauses/0/span"]),
    (#"{"key":"k","kind":"atRiskCap","percent":"8"}"#, "year", []),
    (
      #"{"key":"k","kind":"atRiskCap","percent":"8","span":"quarter"}"#, "year",
      ["invalid_value /clauses/0/span"]
    ),
    (resets, "month", []), (resets, "quarter", ["invalid_value /clauses/0/ratioWindow/every"]),
    (
      #"{"key":"f","kind":"flatFee","amount":"1","assetTime":"whole"}"#, "month",
      ["invalid_value /clauses/0/assetTime"]
    ),
    (
      #"{"key":"f","kind":"flatFee","amount":"1","assetTime":"whole","perAsset":true}"#, "month",
      []
    ),
  ]

  @Test(arguments: spans)
  func holdWholePeriods(clause: String, every: String, faults: [String]) {
    #expect(Self.faults(of: clause, every: every) == faults)
  }
}
