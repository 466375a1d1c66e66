package import Base

/// What credit notes took back of the lines of a period.
///
/// A note says that a line was billed too high by what it took back of it, together with what rests
/// on it. What is owed now that the period is computed again:
///
///     R = the line, or what falls on it, computed again;  C = credited of that
///     owed = max(0, R - C)     mirrored where R is negative
///
/// and what falls on a line takes off no more of it than is owed; nor is more owed of both than
/// they come to now: what then falls on the line takes it off again. So what goes back is no more
/// than what came, whichever is first, the note or the correction.
package struct Credited: Hashable, Sendable {
  /// What of a line falls on another one; on itself, where it stands alone.
  package struct Piece: Hashable, Sendable {
    package let line: String
    package let root: String

    package init(_ line: String, on root: String) {
      self.line = line
      self.root = root
    }
  }

  private let currency: Currency
  /// As the customer sees it: positive where a charge was taken back.
  package private(set) var amounts: [Piece: Money] = [:]

  package init(in currency: Currency) { self.currency = currency }

  package mutating func add(_ amount: Money, to piece: Piece) throws(Fault) {
    amounts[piece] = try (amounts[piece] ?? .zero(currency)) + amount
  }

  /// What is owed of each piece, given what they come to now.
  package func owed(_ now: [Piece: Money]) throws(Fault) -> [Piece: Money] {
    var owed = now
    let roots = Set(amounts.keys.map(\.root))
    for piece in now.keys where roots.contains(piece.root) {
      owed[piece] = Money(minor: left(of: now[piece]!, less: amounts[piece]), currency)
    }
    for root in roots {
      let pieces = now.keys.filter { $0.root == root }
      let isCredit = (now[Piece(root, on: root)]?.amountMinor ?? 0) < 0
      let sum = pieces.reduce(Int128(0)) { $0 + owed[$1]!.amountMinor }
      let whole = pieces.reduce(Int128(0)) { $0 + now[$1]!.amountMinor }
      let most = isCredit ? min(0, whole) : max(0, whole)
      if isCredit ? sum > 0 : sum < 0 {
        // What falls on a line takes off no more than there is of it.
        try take(sum, of: owed.filter { $0.key.root == root }, &owed)
      } else if isCredit ? sum < most : sum > most {
        var back: [Piece: Money] = [:]
        for piece in pieces { back[piece] = try owed[piece]! - now[piece]! }
        try take(sum - most, of: back, &owed)
      }
    }
    return owed
  }

  /// Takes an amount off the pieces, in proportion to those parts of them that have its sign.
  private func take(
    _ minor: Int128, of parts: [Piece: Money], _ owed: inout [Piece: Money]
  ) throws(Fault) {
    let falling = parts.filter { $1.amountMinor != 0 && ($1.amountMinor < 0) == (minor < 0) }
      .sorted { $0.key.line < $1.key.line }
    let shares = try Money(minor: minor, currency).shared(by: falling.map(\.value.amountMinor))
    for (piece, share) in zip(falling.map(\.key), shares) {
      owed[piece] = try owed[piece]! - share
    }
  }

  /// What is credited never turns a piece to the other side; what has turned by itself, stays.
  private func left(of now: Money, less credited: Money?) -> Int128 {
    guard let back = credited?.amountMinor, (back < 0) == (now.amountMinor < 0) else {
      return now.amountMinor
    }
    return abs(back) >= abs(now.amountMinor) ? 0 : now.amountMinor - back
  }
}

extension RatedLine {
  /// What of the line falls on which line.
  package var pieces: [(piece: Credited.Piece, amount: Money)] {
    standsAlone
      ? [(Credited.Piece(key, on: key), amount)]
      : shares.map { (Credited.Piece(key, on: $0.line), $0.amount) }
  }
}

extension RatedMonth {
  /// The month as it is owed once credit notes have taken back what they took: what later months
  /// rest on. A grant that was drawn has back what was.
  package func less(_ credited: Credited) throws(Fault) -> RatedMonth {
    guard !credited.amounts.isEmpty else { return self }
    var now: [Credited.Piece: Money] = [:]
    for (piece, amount) in lines.flatMap(\.pieces) {
      now[piece] = try (now[piece] ?? .zero(currency)) + amount
    }
    let owed = try credited.owed(now)
    return try replacingLines { (line) throws(Fault) in
      var (left, shares) = (Money.zero(currency), line.shares)
      for (place, part) in line.pieces.enumerated() {
        let amount = owed[part.piece] ?? part.amount
        left = try left + amount
        if !line.standsAlone {
          let share = shares[place]
          shares[place] = LineShare(share.line, share.clause, amount, of: share.month)
        }
      }
      let back =
        try left.amountMinor < line.amount.amountMinor ? line.amount - left : left - line.amount
      return try line.owing(left, shares, returned: line.grants.takingBack(back))
    }
  }
}

extension RatedLine {
  /// The line as far as it is still owed; `returned` is what that gives back of grants.
  fileprivate func owing(
    _ left: Money, _ shares: [LineShare], returned: [GrantMovement]
  ) throws(Fault) -> (RatedLine, [GrantMovement]) {
    var line = self
    line.amount = left
    line.shares = shares
    line.grants = try grants.adding(returned)
    return (line, returned)
  }
}
