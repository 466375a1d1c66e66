/// What use costs at a price that may change inside the period.
extension NaiveModel {
  /// Use fills the period in the order of time: each span is what the use so far costs at its
  /// price, less what the use before costs at the same price. A meter that does not add up has one
  /// figure for the period, which fills it by time. What is not known of the period has no line.
  func usageLines(
    _ spans: [(days: Range<Day>, clause: AgreedClause)], _ meter: String, _ period: Range<Day>,
    for asset: String?
  ) -> [Int] {
    guard !spans.isEmpty, let whole = value(meter, period, for: asset) else { return [] }
    let length = seconds(period)
    var used = Fraction.zero
    let fills = spans.map { span -> (before: Fraction, through: Fraction) in
      let before = used
      if Self.addsUp(meter) {
        used = used + (value(meter, span.days, for: asset) ?? .zero)
      } else {
        used = used + whole * Fraction(seconds(span.days), over: length)
      }
      return (before, used)
    }
    var (gross, isFirst) = (Fraction.zero, true)
    return rounded(
      zip(spans, fills).map { span, fill in
        guard case .usage(let terms) = span.clause.kind else { return .zero }
        let before = isFirst ? .zero : terms.bounded(gross, of: fill.before)
        isFirst = false
        gross = gross + terms.price(fill.through, of: whole) - terms.price(fill.before, of: whole)
        return terms.bounded(gross, of: fill.through) - before
      })
  }

  private func seconds(_ days: Range<Day>) -> Int {
    local.midnight(days.upperBound) - local.midnight(days.lowerBound)
  }
}

extension AgreedClause.Usage {
  /// What a part of the use costs, before the bounds, when what is free is taken off.
  fileprivate func price(_ quantity: Fraction, of whole: Fraction) -> Fraction {
    price.amount(billed(quantity), of: billed(whole))
  }

  /// Nothing of what is below zero is free.
  private func billed(_ quantity: Fraction) -> Fraction {
    quantity > .zero ? max(.zero, quantity - Fraction(free ?? 0, over: 10)) : quantity
  }

  /// Discounts, the maximum and the minimum act on what the use so far comes to, unless that is
  /// below zero.
  fileprivate func bounded(_ gross: Fraction, of quantity: Fraction) -> Fraction {
    guard gross >= .zero, quantity >= .zero else { return gross }
    var amount = gross * Fraction(100 - (discountPercent ?? 0), over: 100)
    amount = amount - min(amount, Fraction(discountAmount ?? 0))
    if let maximum { amount = min(amount, Fraction(maximum)) }
    if let minimum { amount = max(amount, Fraction(minimum)) }
    return amount
  }
}

extension AgreedClause.Price {
  /// The whole chooses the tier of a volume price. What is below zero costs the exact negative.
  fileprivate func amount(_ quantity: Fraction, of whole: Fraction) -> Fraction {
    guard quantity >= .zero else { return -amount(-quantity, of: whole) }
    switch self {
    case .perUnit(let rate): return quantity * Fraction(rate)
    case .package(let amount, let units):
      return Fraction((quantity / Fraction(units)).ceiling * amount)
    case .graduated(let tiers):
      var (amount, start) = (Fraction.zero, Fraction.zero)
      for tier in tiers where quantity > start {
        let end = tier.upTo.map { min(Fraction($0), quantity) } ?? quantity
        amount = amount + Fraction(tier.flat) + (end - start) * Fraction(tier.rate)
        start = tier.upTo.map(Fraction.init) ?? quantity
      }
      return amount
    case .volume(let tiers):
      guard quantity > .zero else { return .zero }
      let size = max(whole, -whole)
      let tier = tiers.first { $0.upTo.map { size <= Fraction($0) } ?? true }!
      return Fraction(tier.flat) + quantity * Fraction(tier.rate)
    }
  }
}
