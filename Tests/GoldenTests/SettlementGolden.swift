import Base
import Contracts
import Rating
import Settlement

/// Invoices of one contract, made of given lines.
enum SettlementGolden {
  static let taxes = #"""
    {"vat":{"name":"VAT","category":"S",
      "rates":[{"from":"2007-01-01","rate":"0.20"},{"from":"2013-06-01","rate":"0.21"}]},
     "reduced":{"name":"Reduced VAT","category":"S","rates":[{"from":"2007-01-01","rate":"0.07"}]}}
    """#

  /// `contract` and `customer` are further members of the two documents.
  static func invoice(
    _ month: BillingMonth, _ lines: [InvoiceLine], contract: String, customer: String = ""
  ) throws -> Invoice {
    let contract = try Contract(
      Node(
        json(
          """
          {"customer":"acme","currency":"EUR","zone":"UTC","from":"2013-01-01",
           "clauses":[{"key":"power","kind":"flatFee","amount":"1.00"},
                      {"key":"parts","kind":"flatFee","amount":"1.00"}],\(contract)}
          """)), key: ContractKey("pbh"))
    let extra = customer.isEmpty ? "" : ",\(customer)"
    let customer = try Customer(Node(json("{\"name\":\"Acme\"\(extra)}")), key: CustomerKey("acme"))
    var taxes: [TaxKey: Tax] = [:]
    guard case .object(let members) = try json(Self.taxes) else { return try empty() }
    for member in members {
      let key = try TaxKey(member.name)
      taxes[key] = try Tax(Node(member.value), key: key)
    }
    return try Invoice(
      contract: contract, customer: customer, month: month, period: month.period(in: .utc),
      zone: .utc, rules: .init(contractVersion: 1, meterVersions: [:]), lines: lines, taxes: taxes)
  }

  private static func empty() throws -> Invoice { throw Fault(.invalidValue, "no taxes") }

  static func json(_ text: String) throws -> JSON { try JSON(parsing: Array(text.utf8)) }
}
