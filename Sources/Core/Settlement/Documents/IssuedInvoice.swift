package import Base
package import Contracts
package import Rating

/// A final invoice as its document says it: what was billed, line by line.
package struct IssuedInvoice: Sendable {
  package struct Line: Sendable {
    package let key: String
    /// The key of the line that a clause made, of which this is the whole, or the part of one tax.
    let whole: String
    package let clause: String
    /// The asset that it is for; nil where it is for all.
    let asset: AssetKey?
    package let description: String
    package let stage: RatingStage
    package let unit: String
    package let billed: RatedLine.Billed
    /// How it falls on other lines of its period, by their keys; empty where it stands alone.
    let shares: [(line: String, amount: Money)]
    /// How it falls on lines of periods: see `LineShare.month`.
    let earlier: [EarlierShare]
    package let tax: LineTax?
    /// The earlier invoice that it corrects, the line of it and its stage, and what had been billed
    /// for that.
    package let corrects: (invoice: String, line: String, stage: RatingStage?, billed: String)?
    /// The number of the adjustment that it is.
    package let adjustment: Int?
  }

  /// What of a line falls on a line of a period, its own or an earlier one.
  struct EarlierShare {
    let line: String
    let month: BillingMonth
    let amount: Money
  }

  package let key: InvoiceKey
  package let number: InvoiceNumber
  package let month: BillingMonth
  package let currency: Currency
  package let lines: [Line]
  package let tax: Money
  package let total: Money
  package let document: JSON

  package init(
    _ document: JSON, key: InvoiceKey, number: InvoiceNumber, month: BillingMonth
  ) throws {
    let currency = try Currency(document["currency"]?.stringValue ?? "")
    func money(_ json: JSON?) throws -> Money {
      let fixed = try Fixed(json?.stringValue ?? "")
      return Money(minor: fixed.units, currency)
    }
    self.key = key
    self.number = number
    self.month = month
    self.currency = currency
    self.document = document
    lines = try (document["lines"]?.elements ?? []).map { line in
      let quantity = try Ratio(text: line["quantity"]?.stringValue ?? "")
      let key = line["key"]?.stringValue ?? ""
      return Line(
        key: key, whole: line["partOf"]?.stringValue ?? key,
        clause: line["clause"]?.stringValue ?? "",
        asset: try line["asset"]?.stringValue.map { try AssetKey($0) },
        description: line["description"]?.stringValue ?? "",
        stage: line["stage"]?.stringValue.flatMap(RatingStage.init) ?? .usage,
        unit: line["unit"]?.stringValue ?? "",
        billed: .init(
          quantity: quantity, amount: try money(line["amount"]),
          moves: try line["moves"].map { try BalanceTransfer($0, currency) },
          grants: try (line["grants"]?.elements ?? []).map { try GrantMovement($0, currency) }),
        shares: try (line["shares"]?.elements ?? []).filter { $0["month"] == nil }.map {
          ($0["line"]?.stringValue ?? "", try money($0["amount"]))
        },
        earlier: try (line["shares"]?.elements ?? []).compactMap { share in
          try share["month"]?.stringValue.map {
            EarlierShare(
              line: share["line"]?.stringValue ?? "", month: try BillingMonth($0),
              amount: try money(share["amount"]))
          }
        },
        tax: try line["tax"].map { try LineTax(Node($0)) },
        corrects: line["corrects"].map {
          (
            $0["invoice"]?.stringValue ?? "", $0["line"]?.stringValue ?? "",
            $0["stage"]?.stringValue.flatMap(RatingStage.init), $0["billed"]?.stringValue ?? ""
          )
        }, adjustment: line["adjustment"].flatMap { Int($0.text) })
    }
    // The first documents had no taxes.
    tax = try document["tax"].map { try money($0) } ?? .zero(currency)
    total = try money(document["total"])
  }

  package func line(_ key: String) throws(Fault) -> Line {
    guard let line = lines.first(where: { $0.key == key }) else {
      throw Fault(.unknownReference, "the invoice has no line `\(key.prefix(200))`", at: "/line")
    }
    guard !line.isCarried else {
      throw Fault(
        .invalidValue, "the line `\(key)` only carries what other lines settle", at: "/line")
    }
    return line
  }

  /// The versions of the contract that it was rated by, in the order in which they hold.
  package var contractVersions: [Int] {
    let contract = document["contract"]
    let later = (contract?["changes"]?.elements ?? []).map { $0["version"] }
    return ([contract?["version"]] + later).compactMap { $0.flatMap { Int($0.text) } }
  }

  /// The numbers of the credit notes on earlier months that it rests on.
  package var creditNotes: [String] {
    (document["creditNotes"]?.elements ?? []).compactMap(\.stringValue)
  }
}

extension IssuedInvoice.Line {
  /// The account it is booked to. A correction of what somebody owes changes that very account; one
  /// of what was earned is told apart.
  var account: LedgerAccount {
    let account = LedgerAccount(corrects?.stage ?? stage)
    if case .revenue = account { return LedgerAccount(stage) }
    return account
  }

  /// Whether it only moves between documents what other lines have settled.
  package var isCarried: Bool { (corrects?.stage ?? stage) == .carried }

  /// The line that it corrects, by the invoice and the key; itself where it corrects none.
  func name(in invoice: InvoiceKey) -> LineName {
    corrects.map { LineName(invoice: $0.invoice, line: $0.line) }
      ?? LineName(invoice: invoice.text, line: whole)
  }
}

extension Ratio {
  /// Reads what a ratio's description writes: a decimal, or a fraction such as `124009/30`.
  init(text: String) throws(Fault) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let unreadable = Fault(.invalidValue, "`\(text.prefix(40))` is not a quantity")
    if parts.count == 2 {
      guard let top = Int128(parts[0]), let bottom = Int128(parts[1]) else { throw unreadable }
      try self.init(top, over: bottom)
      return
    }
    let digits = text.split(separator: ".", omittingEmptySubsequences: false)
    let places = digits.count == 2 ? digits[1].utf8.count : 0
    guard digits.count <= 2, places <= 18, let units = Int128(digits.joined()) else {
      throw unreadable
    }
    try self.init(units, over: Rounding.powerOfTen(places))
  }
}
