/// What use costs at a price that may change inside the period.
extension NaiveModel {
  /// The meters of the tests by what they do with the values of their events.
  static let meters: [String: String] = [
    "sum": "sum", "count": "count", "max": "max", "min": "min", "mean": "mean",
    "latest": "latest", "unique": "uniqueCount",
  ]

  static let meterKeys = meters.keys.sorted()

  /// Whether the values of two stretches add up to that of both.
  static func addsUp(_ meter: String) -> Bool { meter == "sum" || meter == "count" }

  /// What the meter shows for those days; nil where it saw nothing.
  func value(_ meter: String, _ days: Range<Day>, for asset: String?) -> Fraction? {
    let window = local.midnight(days.lowerBound)..<local.midnight(days.upperBound)
    let counted = uses.filter { use in
      use.meter == meter && window.contains(use.time)
        && (asset.map { $0 == use.subject } ?? true)
        && (use.subject == "acme" || serves(use.subject, local.day(at: use.time)))
    }.sorted { $0.time < $1.time }
    guard let last = counted.last else { return nil }
    let values = counted.map { Fraction($0.tenths, over: 10) }
    switch meter {
    case "sum": return values.sum
    case "count": return Fraction(values.count)
    case "max": return values.max()
    case "min": return values.min()
    case "mean": return values.sum / Fraction(values.count)
    case "unique": return Fraction(Set(values).count)
    default: return Fraction(last.tenths, over: 10)
    }
  }

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
    var (gross, running) = (Fraction.zero, Fraction.zero)
    return zip(spans, fills).map { span, fill in
      guard case .usage(let terms) = span.clause.kind else { return 0 }
      gross = gross + terms.price(fill.through, of: whole) - terms.price(fill.before, of: whole)
      let now = terms.bounded(gross)
      defer { running = now }
      return now.rounded - running.rounded
    }
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

  private func billed(_ quantity: Fraction) -> Fraction {
    max(.zero, quantity - Fraction(free ?? 0, over: 10))
  }

  /// Discounts, the maximum and the minimum act on what the use so far comes to.
  fileprivate func bounded(_ gross: Fraction) -> Fraction {
    var amount = gross * Fraction(100 - (discountPercent ?? 0), over: 100)
    amount = amount - min(amount, Fraction(discountAmount ?? 0))
    if let maximum { amount = min(amount, Fraction(maximum)) }
    if let minimum { amount = max(amount, Fraction(minimum)) }
    return amount
  }
}

extension AgreedClause.Price {
  /// The whole chooses the tier of a volume price.
  fileprivate func amount(_ quantity: Fraction, of whole: Fraction) -> Fraction {
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
      let tier = tiers.first { $0.upTo.map { whole <= Fraction($0) } ?? true }!
      return Fraction(tier.flat) + quantity * Fraction(tier.rate)
    }
  }
}
