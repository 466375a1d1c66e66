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
  /// price, less what the use before it costs at the same price. What is not known of the period as
  /// a whole has no line.
  func usageLines(
    _ spans: [(days: Range<Day>, clause: AgreedClause)], _ meter: String, _ days: Range<Day>,
    for asset: String?
  ) -> [Int] {
    guard !spans.isEmpty, let whole = value(meter, days, for: asset) else { return [] }
    let length = Fraction(seconds(days, for: asset))
    var (used, gross, running) = (Fraction.zero, Fraction.zero, Fraction.zero)
    var lines: [Int] = []
    for span in spans {
      guard case .usage(let terms) = span.clause.kind else { continue }
      let before = used
      if Self.addsUp(meter) {
        used = used + (value(meter, span.days, for: asset) ?? .zero)
      } else if length > .zero {
        used = used + whole * Fraction(seconds(span.days, for: asset)) / length
      }
      gross = gross + terms.price(used) - terms.price(before)
      let now = terms.bounded(gross)
      lines.append(now.rounded - running.rounded)
      running = now
    }
    return lines
  }

  /// How long the days are; of an asset, as far as it serves.
  private func seconds(_ days: Range<Day>, for asset: String?) -> Int {
    (days.lowerBound.number..<days.upperBound.number).map(Day.init(number:))
      .filter { day in asset.map { serves($0, day) } ?? true }
      .reduce(0) { $0 + local.midnight($1 + 1) - local.midnight($1) }
  }
}

extension AgreedClause.Usage {
  /// What a quantity costs before the bounds, what is free and a discount in per cent taken off.
  fileprivate func price(_ quantity: Fraction) -> Fraction {
    let billed = max(.zero, quantity - Fraction(free ?? 0, over: 10))
    return price.amount(billed) * Fraction(100 - (discountPercent ?? 0), over: 100)
  }

  /// A discount, the maximum and the minimum act on what the use so far comes to.
  fileprivate func bounded(_ gross: Fraction) -> Fraction {
    var amount = gross - min(gross, Fraction(discountAmount ?? 0))
    if let maximum { amount = min(amount, Fraction(maximum)) }
    if let minimum { amount = max(amount, Fraction(minimum)) }
    return amount
  }
}

extension AgreedClause.Price {
  fileprivate func amount(_ quantity: Fraction) -> Fraction {
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
      let tier = tiers.first { $0.upTo.map { quantity <= Fraction($0) } ?? true }!
      return Fraction(tier.flat) + quantity * Fraction(tier.rate)
    }
  }
}
