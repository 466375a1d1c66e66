import Base
import Contracts
import Rating

/// What of an invoice can still go back to the customer, line by line.
///
///     left of a line = billed + what falls on it + corrections of both in later invoices
///                      - what credit notes took back - what later invoices clawed back
///
/// A note takes back a line together with what was taken off it, in proportion, and then what was
/// added on its strength; so it never charges, and all notes together give back no more than what
/// came. Of prepaid credit that was bought goes back what is not used.
struct Creditable {
  private let invoice: IssuedInvoice
  /// What is left of the document's own lines.
  private var pieces: [LinePiece]
  /// What other documents say of the same lines, their own credit notes taken off.
  private var elsewhere: [LineName: Int128] = [:]
  /// What each grant comes to that was bought.
  private var grants: [GrantName: Int128] = [:]
  /// What is left of what each line of the document drew, or bought; the parts of it that taxes
  /// make are one, for the first of them says it all.
  private var movements: [LineName: [GrantMovement]] = [:]
  /// What came back with what was taken of the line at a place.
  private var returned: [Int: [GrantMovement]] = [:]

  private struct GrantName: Hashable {
    let clause: String
    let grant: String
  }

  /// `others` are the other final invoices of the contract; `notes` are the credit notes by the
  /// invoices that they are on.
  init(
    _ invoice: IssuedInvoice, others: [IssuedInvoice], notes: [InvoiceKey: [IssuedCreditNote]]
  ) throws(Fault) {
    self.invoice = invoice
    let books = Dictionary(([invoice] + others).map { ($0.month, $0.key) }) { first, _ in first }
    pieces = try invoice.pieces(less: notes[invoice.key] ?? [], in: books)
    let roots = Set(pieces.map(\.root))
    for document in [invoice] + others {
      let own = notes[document.key] ?? []
      for piece in try document.pieces(less: own, in: books)
      where document.key != invoice.key && roots.contains(piece.root) {
        elsewhere[piece.root, default: 0] += piece.amount.amountMinor
      }
      for line in document.lines {
        var left = line.billed.grants
        for note in own.flatMap(\.lines) where note.key == line.key {
          left = try left.adding(note.grants)
        }
        for movement in left {
          let name = GrantName(clause: line.clause, grant: movement.grant)
          grants[name, default: 0] += try movement.balance.amountMinor
        }
        guard document.key == invoice.key, !left.isEmpty else { continue }
        let name = line.name(in: document.key)
        movements[name] = try (movements[name] ?? []).adding(left)
      }
    }
  }

  // MARK: What is left

  private func standing(_ root: LineName) -> Int128 {
    pieces.reduce(0) { $0 + ($1.root == root ? $1.amount.amountMinor : 0) }
  }

  /// What can go back of a line with all that falls on it; below zero of one by which the customer
  /// is owed.
  private func left(of root: LineName) -> Int128 {
    let (here, all) = (standing(root), standing(root) + (elsewhere[root] ?? 0))
    guard here >= 0 else { return max(here, min(0, all)) }
    return max(0, min(here, all))
  }

  /// What can go back of the line at a place; nothing of one that is no charge.
  func left(at place: Int) -> Money {
    let line = invoice.lines[place]
    guard !line.isCarried, line.billed.amount.amountMinor > 0 else {
      return .zero(invoice.currency)
    }
    guard line.shares.isEmpty else {
      return Money(minor: parts(at: place).reduce(0) { $0 + $1.most }, invoice.currency)
    }
    var most = left(of: line.name(in: invoice.key))
    for movement in movements[line.name(in: invoice.key)] ?? []
    where movement.bought.amountMinor > 0 {
      let name = GrantName(clause: line.clause, grant: movement.grant)
      most = min(most, max(0, grants[name] ?? 0))
    }
    return Money(minor: max(0, most), invoice.currency)
  }

  /// Of a line that was added on the strength of others: what can go back of it for each of them.
  private func parts(at place: Int) -> [(piece: Int, most: Int128)] {
    pieces.indices.filter { pieces[$0].place == place }.map {
      ($0, max(0, min(pieces[$0].amount.amountMinor, left(of: pieces[$0].root))))
    }
  }

  /// The lines that something falls on which is no charge: those whose part it takes off or, where
  /// it stands alone, all charges.
  func charges(behind place: Int) -> [Int] {
    let line = invoice.lines[place]
    let name = line.name(in: invoice.key)
    let roots = line.shares.map { LineName(invoice: name.invoice, line: $0.line) }
    return invoice.lines.indices.filter { other in
      let charge = invoice.lines[other]
      guard charge.shares.isEmpty, charge.adjustment == nil else { return false }
      return (roots.isEmpty || roots.contains(charge.name(in: invoice.key)))
        && left(at: other).amountMinor > 0
    }
  }

  // MARK: What is taken back

  /// What goes back of which piece.
  typealias Taken = [Int: Int128]

  /// Takes an amount back of the line at a place; it is no more than what is left of that.
  mutating func take(_ amount: Money, at place: Int) throws(Fault) -> Taken {
    let line = invoice.lines[place]
    guard line.shares.isEmpty else {
      let parts = parts(at: place)
      let shares = try amount.shared(by: parts.map(\.most))
      var taken: Taken = [:]
      for (part, share) in zip(parts, shares) where share.amountMinor != 0 {
        taken[part.piece] = share.amountMinor
      }
      try apply(taken)
      return taken
    }
    return try take(amount, of: line.name(in: invoice.key))
  }

  /// Takes back all that is left of the invoice; nothing where the customer would be charged.
  mutating func takeAll() throws(Fault) -> Taken {
    let before = self
    var all: Taken = [:]
    var roots: [LineName] = []
    for piece in pieces where !roots.contains(piece.root) { roots.append(piece.root) }
    for root in roots {
      var left = Money(minor: left(of: root), invoice.currency)
      if let place = boughtPlace(of: root) { left = self.left(at: place) }
      let taken =
        left.amountMinor == 0 && hasDrawn(root)
        ? try takeWhole(root) : try take(left, of: root)
      all.merge(taken) { $0 + $1 }
    }
    let sum = all.values.reduce(0, +)
    guard sum > 0 || (sum == 0 && movements != before.movements) else {
      self = before
      return [:]
    }
    return all
  }

  private func boughtPlace(of root: LineName) -> Int? {
    pieces.first { piece in
      piece.root == root
        && (movements[name(at: piece.place)] ?? []).contains { $0.bought.amountMinor > 0 }
    }?.place
  }

  private func name(at place: Int) -> LineName { invoice.lines[place].name(in: invoice.key) }

  /// Whether credit paid the line: it goes back to its grant also where no money does.
  private func hasDrawn(_ root: LineName) -> Bool {
    guard (elsewhere[root] ?? 0) == 0 else { return false }
    return pieces.contains { piece in
      piece.root == root && piece.amount.amountMinor < 0
        && invoice.lines[piece.place].stage == .prepaid
    }
  }

  private mutating func takeWhole(_ root: LineName) throws(Fault) -> Taken {
    var taken: Taken = [:]
    for place in pieces.indices where pieces[place].root == root {
      taken[place] = pieces[place].amount.amountMinor
    }
    try apply(taken)
    return taken
  }

  private mutating func take(_ amount: Money, of root: LineName) throws(Fault) -> Taken {
    guard amount.amountMinor != 0 else { return [:] }
    let (own, added) = (
      pieces.indices.filter { pieces[$0].root == root && !isAdded($0) },
      pieces.indices.filter { pieces[$0].root == root && isAdded($0) }
    )
    func sum(_ places: [Int]) -> Int128 { places.reduce(0) { $0 + pieces[$1].amount.amountMinor } }
    let net = sum(own)
    var taken: Taken
    if net > 0, net >= amount.amountMinor {
      taken = try proportion(amount, of: own)
    } else if net > 0 {
      taken = try proportion(Money(minor: net, invoice.currency), of: own)
      let rest = Money(minor: amount.amountMinor - net, invoice.currency)
      taken.merge(try proportion(rest, of: added)) { $0 + $1 }
    } else {
      taken = try proportion(amount, of: own + added)
    }
    try apply(taken)
    return taken
  }

  /// Whether a piece was added on the strength of a line, such as a minimum.
  private func isAdded(_ piece: Int) -> Bool {
    let line = invoice.lines[pieces[piece].place]
    return !line.shares.isEmpty && pieces[piece].amount.amountMinor > 0
  }

  /// The same part of each piece: `amount` is what they come to together.
  ///
  ///     taken off again = round(amount * sum of what is taken off / sum of all)
  private func proportion(_ amount: Money, of places: [Int]) throws(Fault) -> Taken {
    let side: Int128 = amount.amountMinor < 0 ? -1 : 1
    let (with, against) = (
      places.filter { pieces[$0].amount.amountMinor * side > 0 },
      places.filter { pieces[$0].amount.amountMinor * side < 0 }
    )
    func magnitude(_ places: [Int]) -> Int128 {
      places.reduce(0) { $0 + abs(pieces[$1].amount.amountMinor) }
    }
    let (plus, minus) = (magnitude(with), magnitude(against))
    let back =
      minus == 0
      ? 0
      : try (Ratio(abs(amount.amountMinor)) * Ratio(minus) / Ratio(plus - minus)).rounded(to: 0)
        .units
    var taken: Taken = [:]
    for (places, minor) in [
      (with, side * (abs(amount.amountMinor) + back)), (against, -side * back),
    ]
    where minor != 0 {
      let shares = try Money(minor: minor, invoice.currency)
        .shared(by: places.map { pieces[$0].amount.amountMinor })
      for (place, share) in zip(places, shares) { taken[place] = share.amountMinor }
    }
    return taken
  }

  private mutating func apply(_ taken: Taken) throws(Fault) {
    var lines: [Int: Int128] = [:]
    for (place, minor) in taken {
      let left = pieces[place].amount.amountMinor - minor
      pieces[place].amount = Money(minor: left, invoice.currency)
      lines[pieces[place].place, default: 0] += minor
    }
    for (place, minor) in lines.sorted(by: { $0.key < $1.key }) {
      let left = movements[name(at: place)] ?? []
      let back = try left.takingBack(Money(minor: abs(minor), invoice.currency))
      movements[name(at: place)] = try left.adding(back)
      returned[place] = try (returned[place] ?? []).adding(back)
      for movement in back {
        let name = GrantName(clause: invoice.lines[place].clause, grant: movement.grant)
        grants[name, default: 0] += try movement.balance.amountMinor
      }
    }
  }

  /// The lines of a note that takes back all that was taken so far.
  func lines(_ taken: Taken) -> [CreditNote.Line] {
    let places = Set(taken.keys.map { pieces[$0].place }).sorted()
    var lines: [CreditNote.Line] = []
    for place in places {
      let line = invoice.lines[place]
      let parts = pieces.indices.filter { pieces[$0].place == place && (taken[$0] ?? 0) != 0 }
      let minor = parts.reduce(Int128(0)) { $0 + taken[$1]! }
      let shares = parts.map {
        (line: pieces[$0].root.line, amount: Money(minor: -taken[$0]!, invoice.currency))
      }
      lines.append(
        CreditNote.Line(
          of: line, amount: Money(minor: -minor, invoice.currency),
          shares: line.shares.isEmpty ? [] : shares,
          grants: returned[place] ?? []))
    }
    return lines.filter { $0.amount.amountMinor != 0 || !$0.shares.isEmpty }
  }
}
