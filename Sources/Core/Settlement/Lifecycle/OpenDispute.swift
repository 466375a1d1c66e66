package import Base

/// A dispute that is not resolved.
package struct OpenDispute: Equatable, Sendable {
  package let line: String
  /// What is claimed, before tax; nil where no amount is.
  package var claimed: Money?
  /// What is held for it, with its tax.
  package var held: Money

  package init(line: String, claimed: Money?, held: Money) {
    (self.line, self.claimed, self.held) = (line, claimed, held)
  }

  /// Those that the events of an invoice leave open, in the order in which they began.
  package static func all(_ events: [JSON], in currency: Currency) throws -> [OpenDispute] {
    var open: [OpenDispute] = []
    for event in events {
      guard let kind = event["kind"]?.stringValue.flatMap(InvoiceEvent.Kind.init),
        let line = event["line"]?.stringValue
      else { continue }
      let claimed = try event["claimed"]?.stringValue.map {
        Money(minor: try Fixed($0).units, currency)
      }
      let amount = Money(minor: try Fixed(event["amount"]?.stringValue ?? "").units, currency)
      switch kind {
      case .disputed: open.append(OpenDispute(line: line, claimed: claimed, held: amount))
      case .disputeReduced:
        guard let place = open.firstIndex(where: { $0.line == line }) else { continue }
        open[place].claimed = claimed
        open[place].held = try open[place].held - amount
      case .resolved: open.removeAll { $0.line == line }
      default: continue
      }
    }
    return open
  }

  /// What a credit note leaves of disputes: what it names of a line leaves the dispute of that
  /// line, and no dispute claims what cannot go back any more. Nil where nothing is left.
  ///
  /// `before` and `after` are what can go back without and with the note, and `open` is what it
  /// leaves of the total. What is held for a claim never rises.
  package static func left(
    of disputes: [OpenDispute], by named: [CreditNote.Part], before: Claims, after: Claims,
    open: Money
  ) throws(Fault) -> [OpenDispute?] {
    var (claims, open, all) = (after, open, [OpenDispute?]())
    for dispute in disputes {
      guard let claimed = dispute.claimed else {
        let had = try DisputedLine(dispute.line, after: before).most.amountMinor > 0
        let has = try DisputedLine(dispute.line, after: after).most.amountMinor > 0
        all.append(had && !has ? nil : dispute)
        continue
      }
      let line = try DisputedLine(dispute.line, after: claims)
      let credited = named.first { $0.line == dispute.line }?.amount
      let back = credited?.exactly(places: claimed.currency.minorDigits)?.units ?? 0
      let minor = min(claimed.amountMinor - back, try line.most.amountMinor)
      guard minor > 0 else {
        all.append(nil)
        continue
      }
      let left = Money(minor: minor, claimed.currency)
      let gross = try line.gross(of: left).amountMinor
      let held = max(0, min(dispute.held.amountMinor, gross, open.amountMinor))
      try claims.add(left, of: dispute.line)
      open = Money(minor: open.amountMinor - held, open.currency)
      all.append(
        OpenDispute(line: dispute.line, claimed: left, held: Money(minor: held, open.currency)))
    }
    return all
  }
}
