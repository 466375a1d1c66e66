import Base
import Contracts
import Rating

extension IssuedInvoice.Line {
  /// Whether it takes back what lines of periods billed, as a clawback does: it is no line by
  /// itself, but less of those. What is paid out of what periods held back is a line by itself.
  var takesBack: Bool { !earlier.isEmpty && (corrects?.stage ?? stage) == .outcome }
}

/// What of one line of a document falls on which line.
struct LinePiece {
  /// The place of the line in its document.
  let place: Int
  let root: LineName
  var amount: Money
}

extension IssuedInvoice {
  /// All that the document says of lines, but for what it only carries.
  var pieces: [LinePiece] { pieces(in: [:]) }

  /// The same; what takes back lines of periods falls on those, by the invoices that `books` names
  /// for them.
  private func pieces(in books: [BillingMonth: InvoiceKey]) -> [LinePiece] {
    lines.enumerated().filter { !$1.isCarried }.flatMap { place, line in
      let name = line.name(in: key)
      func piece(_ root: LineName, _ amount: Money) -> LinePiece {
        LinePiece(place: place, root: root, amount: amount)
      }
      if line.takesBack, !books.isEmpty {
        return line.earlier.map { share in
          let book = books[share.month].map { LineName(invoice: $0.text, line: share.line) }
          return piece(book ?? name, share.amount)
        }
      }
      guard !line.shares.isEmpty else { return [piece(name, line.billed.amount)] }
      return line.shares.map {
        piece(LineName(invoice: name.invoice, line: $0.line), $0.amount)
      }
    }
  }

  /// The same, less what credit notes on it took back.
  func pieces(
    less notes: [IssuedCreditNote], in books: [BillingMonth: InvoiceKey] = [:]
  ) throws(Fault) -> [LinePiece] {
    var pieces = pieces(in: books)
    for line in notes.flatMap(\.lines) {
      for (root, amount) in line.pieces(in: self) {
        let place = pieces.firstIndex {
          lines[$0.place].key == line.key && ($0.root == root || lines[$0.place].takesBack)
        }
        guard let place else { continue }
        pieces[place].amount = try pieces[place].amount + amount
      }
    }
    return pieces
  }
}
