import Base
import Contracts
import Rating

/// What has been billed for a line and what was credited of it, in all documents that say so.
struct LineAccount {
  /// What of it falls on which line.
  struct Piece {
    let root: String
    var billed: Money
    var credited: Money
    let tax: LineTax?
  }

  /// What of it falls on a line of a period, and what tax that was billed with.
  struct EarlierPiece {
    let line: String
    let month: BillingMonth
    var billed: Money
    let tax: LineTax?
  }

  /// The line that was billed first; nil where none was.
  let line: IssuedInvoice.Line?
  private(set) var billed: RatedLine.Billed
  /// As the customer sees it: positive where a charge was taken back.
  private(set) var credited: RatedLine.Billed
  private(set) var pieces: [Piece] = []
  private(set) var earlier: [EarlierPiece] = []
  /// What credit notes took back of it, by its taxes.
  private(set) var creditedByTax: [(tax: LineTax?, amount: Money)] = []
  /// The documents whose quantity is counted: all parts of a line say the whole.
  private var counted: Set<InvoiceKey> = []

  init(_ line: IssuedInvoice.Line?, in currency: Currency) {
    self.line = line
    billed = RatedLine.Billed(quantity: .zero, amount: .zero(currency))
    credited = billed
  }

  mutating func add(
    _ line: IssuedInvoice.Line, _ parts: [LinePiece], of document: InvoiceKey
  ) throws(Fault) {
    let isFirst = counted.insert(document).inserted
    billed = RatedLine.Billed(
      quantity: isFirst ? try billed.quantity + line.billed.quantity : billed.quantity,
      amount: try billed.amount + line.billed.amount,
      moves: try billed.moves?.adding(line.billed.moves) ?? line.billed.moves,
      grants: try billed.grants.adding(line.billed.grants))
    for part in parts {
      let place = place(of: part.root.line, line.tax, in: part.amount.currency)
      pieces[place].billed = try pieces[place].billed + part.amount
    }
    for share in line.earlier {
      if let place = earlier.firstIndex(where: { $0.line == share.line && $0.month == share.month })
      {
        earlier[place].billed = try earlier[place].billed + share.amount
      } else {
        earlier.append(
          EarlierPiece(
            line: share.line, month: share.month, billed: share.amount, tax: line.tax))
      }
    }
  }

  /// Takes in what a credit note took back of it; `tax` is that of the line that the note names.
  mutating func takeBack(
    _ line: IssuedCreditNote.Line, _ parts: [(root: LineName, amount: Money)], _ tax: LineTax?
  ) throws(Fault) {
    creditedByTax.append((tax, try -line.amount))
    credited = RatedLine.Billed(
      quantity: .zero, amount: try credited.amount - line.amount,
      grants: try credited.grants.adding(line.grants.negated()))
    for part in parts {
      let place = place(of: part.root.line, nil, in: part.amount.currency)
      pieces[place].credited = try pieces[place].credited - part.amount
    }
  }

  private mutating func place(
    of root: String, _ tax: LineTax?, in currency: Currency
  ) -> Int {
    if let place = pieces.firstIndex(where: { $0.root == root }) { return place }
    let zero = Money.zero(currency)
    pieces.append(Piece(root: root, billed: zero, credited: zero, tax: tax))
    return pieces.count - 1
  }

  /// What has been billed and not credited of what falls on a line.
  func standing(on root: String) throws(Fault) -> Money {
    guard let piece = pieces.first(where: { $0.root == root }) else {
      return .zero(billed.amount.currency)
    }
    return try piece.billed - piece.credited
  }

  /// Whether nothing of it falls on another line than its own, of that key.
  func standsAlone(_ key: String) -> Bool { pieces.allSatisfy { $0.root == key } }
}
