package import Base
import Contracts

/// The lines that a clause rests on: what each came to, and what is left of it once others have
/// taken off theirs.
///
///     left = amount + shares on it of all lines so far
///
/// What takes off or pays sees what is left, so that nothing is taken off twice and no line falls
/// below zero. Source: domain, section 3, base; documents, 3.4.
struct BaseLines {
  struct Line {
    let key: String
    let clause: String
    /// Before anything that rests on it, unless that was named as well.
    var gross: Money
    var left: Money
  }

  /// What an amount is shared out by.
  enum View {
    case gross, left
  }

  let lines: [Line]
  /// The sums of all lines.
  let gross: Money
  let left: Money

  init(_ lines: [Line], in currency: Currency) throws(Fault) {
    self.lines = lines
    var (gross, left) = (Money.zero(currency), Money.zero(currency))
    for line in lines {
      gross = try gross + line.gross
      left = try left + line.left
    }
    (self.gross, self.left) = (gross, left)
  }

  /// The most that can be taken off.
  var available: Money { left.amountMinor > 0 ? left : .zero(left.currency) }

  /// How an amount falls on the lines. What is taken off falls only on those of which something is
  /// left; the tax of nothing is that of the first. None where there are no lines.
  func shares(of amount: Money, by view: View = .left) throws(Fault) -> [LineShare] {
    guard let first = lines.first else { return [] }
    guard amount.amountMinor != 0 else {
      return [LineShare(first.key, first.clause, amount)]
    }
    let amounts = try amount.shared(by: weights(isTaken: amount.amountMinor < 0, view))
    return zip(lines, amounts).filter { $1.amountMinor != 0 }.map {
      LineShare($0.key, $0.clause, $1)
    }
  }

  private func weights(isTaken: Bool, _ view: View) -> [Int128] {
    if isTaken || view == .left {
      let left = lines.map { max(0, $0.left.amountMinor) }
      if left.contains(where: { $0 > 0 }) { return left }
    }
    return lines.map(\.gross.amountMinor)
  }
}

extension BaseLines {
  /// Those of the lines that count, with what is left of each. A line that is itself shared out
  /// counts where it falls.
  init(
    of all: [RatedLine], in currency: Currency, left: (String) -> Money,
    where isCounted: (RatedLine) -> Bool
  ) throws(Fault) {
    var lines: [Line] = []
    var places: [String: Int] = [:]
    var named: [Line] = []
    for line in all where isCounted(line) {
      guard line.standsAlone else {
        named += line.shares.filter { $0.month == nil }.map {
          Line(key: $0.line, clause: $0.clause, gross: $0.amount, left: $0.amount)
        }
        continue
      }
      // Two lines of one key are one as far as others rest on them.
      if let place = places[line.key] {
        lines[place].gross = try lines[place].gross + line.amount
      } else {
        places[line.key] = lines.count
        lines.append(
          Line(key: line.key, clause: line.clause, gross: line.amount, left: left(line.key)))
      }
    }
    let isWhole = Set(places.keys)
    for share in named {
      guard let place = places[share.key] else {
        places[share.key] = lines.count
        lines.append(share)
        continue
      }
      lines[place].gross = try lines[place].gross + share.gross
      if !isWhole.contains(share.key) { lines[place].left = try lines[place].left + share.left }
    }
    for place in lines.indices where !isWhole.contains(lines[place].key) {
      let most = max(0, left(lines[place].key).amountMinor)
      let part = min(max(0, lines[place].left.amountMinor), most)
      lines[place].left = Money(minor: part, currency)
    }
    try self.init(lines, in: currency)
  }
}

extension RatedMonth {
  func baseLines(where isCounted: (RatedLine) -> Bool) throws(Fault) -> BaseLines {
    try BaseLines(of: lines, in: currency, left: left, where: isCounted)
  }
}

extension RatedLine {
  /// The line, an amount that was agreed on, as it falls on the charges of a document by what is
  /// left of them: on those of a clause where it has the name of one, else on all. `lines` are what
  /// clauses made, and what falls on that already.
  package func shared(over lines: [RatedLine]) throws(Fault) -> RatedLine {
    var left: [String: Money] = [:]
    for (piece, amount) in lines.flatMap(\.pieces) {
      left[piece.root] = try (left[piece.root] ?? .zero(amount.currency)) + amount
    }
    let isOfClause = lines.contains { $0.clause == clause && $0.standsAlone }
    let base = try BaseLines(
      of: lines, in: amount.currency, left: { left[$0] ?? .zero(amount.currency) }
    ) { $0.standsAlone && $0.stage <= .cap && (!isOfClause || $0.clause == clause) }
    var line = self
    line.shares = try base.shares(of: amount)
    return line
  }
}
