package import Base

/// A list of finance as CSV (RFC 4180), a row an item, without sums; of the ledger a row a posting.
/// Items are as the API answers them.
package enum ListCSV {
  case invoices, creditNotes, payments, adjustments, accruals, ledger

  package func text(of items: [JSON]) -> String {
    CSVTable.text(columns, of: self == .ledger ? items.flatMap(ListCSV.postings) : items)
  }

  private var columns: [(name: String, cell: (JSON) -> JSON?)] {
    switch self {
    case .invoices:
      plain(
        "key", "number", "status", "customer", "contract", "month", "currency", "total", "paid",
        "credited", "disputed", "open", "due", "finalised")
    case .creditNotes:
      plain("number", "invoice", "issued") + [
        ("invoice_number", { $0["document"]?["invoice"]?["number"] }),
        ("customer", { $0["document"]?["customer"]?["key"] }),
        ("contract", { $0["document"]?["contract"]?["key"] }),
        ("month", { $0["document"]?["month"] }), ("currency", { $0["currency"] }),
        ("net", { $0["document"]?["net"] }), ("tax", { $0["document"]?["tax"] }),
        ("total", { $0["total"] }), ("reason", { $0["document"]?["reason"] }),
      ]
    case .payments:
      plain("number", "date", "amount", "currency", "reference", "at", "by") + [
        ("returned", { $0["returned"]?["date"] }),
        ("returnedReason", { $0["returned"]?["reason"] }),
      ]
    case .adjustments:
      plain(
        "number", "contract", "month", "kind", "clause", "currency", "amount", "reason", "at", "by")
        + [
          ("withdrawn", { $0["withdrawn"]?["at"] }),
          ("withdrawnReason", { $0["withdrawn"]?["reason"] }),
        ]
    case .accruals:
      plain(
        "contract", "customer", "month", "currency", "unbilled", "provisional", "heldBack")
        + [("reason", { $0["reasons"]?.elements?.first?["detail"] })]
    case .ledger:
      plain(
        "sequence", "day", "at", "kind", "reference", "invoice", "customer", "account", "debit",
        "credit", "currency")
    }
  }

  private func plain(_ names: String...) -> [(name: String, cell: (JSON) -> JSON?)] {
    names.map { name in (name, { $0[name] }) }
  }

  /// What an entry says of itself stands with each of its postings.
  private static func postings(of entry: JSON) -> [JSON] {
    guard case .object(let members) = entry else { return [] }
    return (entry["postings"]?.elements ?? []).map { posting in
      guard case .object(let own) = posting else { return entry }
      return .object(members.filter { $0.name != "postings" } + own)
    }
  }
}
