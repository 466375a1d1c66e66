extension NaiveModel {
  private static let percent = ["t20": 20, "t10": 10]

  /// The tax that falls on a clause.
  fileprivate func tax(on clause: String) -> String? {
    guard let taxed = terms.taxed else { return "t20" }
    return taxed.high.contains(clause) ? "t20" : taxed.low.contains(clause) ? "t10" : nil
  }

  /// What each tax comes to: on every line what is left of it, rounded once for each tax.
  func taxes(on lines: [Line]) -> [String: Int] {
    var bases: [String: Int] = [:]
    for line in lines {
      if line.shares.isEmpty, let tax = tax(on: line.clause) {
        bases[tax, default: 0] += line.amount
      }
      for (place, share) in line.shares {
        if let tax = tax(on: lines[place].clause) { bases[tax, default: 0] += share }
      }
    }
    return Dictionary(
      uniqueKeysWithValues: bases.map { tax, base in
        ("tax \(tax)", Fraction(base * Self.percent[tax]!, over: 100).rounded)
      })
  }
}
