import Base
import Rating

/// Names a line over all documents that say something of it: the invoice that billed it first, and
/// the key of the line there.
struct LineName: Hashable {
  let invoice: String
  let line: String
}

/// What of one line of a document falls on which line.
struct LinePiece {
  /// The place of the line in its document.
  let place: Int
  let root: LineName
  var amount: Money
}

extension BilledInvoice {
  /// All that the document says of lines, but for what it only carries.
  var pieces: [LinePiece] {
    lines.enumerated().filter { !$1.isCarried }.flatMap { place, line in
      let name = line.name(in: key)
      guard !line.shares.isEmpty else {
        return [LinePiece(place: place, root: name, amount: line.billed.amount)]
      }
      return line.shares.map {
        let root = LineName(invoice: name.invoice, line: $0.line)
        return LinePiece(place: place, root: root, amount: $0.amount)
      }
    }
  }

  /// The same, less what credit notes on it took back.
  func pieces(less notes: [IssuedCreditNote]) throws(Fault) -> [LinePiece] {
    var pieces = pieces
    for line in notes.flatMap(\.lines) {
      for (root, amount) in line.pieces(in: self) {
        let place = pieces.firstIndex { $0.root == root && lines[$0.place].key == line.key }
        guard let place else { continue }
        pieces[place].amount = try pieces[place].amount + amount
      }
    }
    return pieces
  }
}
