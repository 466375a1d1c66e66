import Base
import Contracts
import Rating
import Testing

/// Terms as the table of prices writes them: a price, and what is done with it behind bars.
private struct WrittenTerms {
  let terms: UsageChargeTerms

  init(_ text: String) throws {
    let parts = text.split(separator: "|").map(Words.init)
    var (free, percent, minimum, maximum): (Fixed?, Fixed?, Fixed?, Fixed?)
    for part in parts.dropFirst() {
      let value = try Fixed(part.list[1])
      switch part.list[0] {
      case "free": free = value
      case "discount": percent = value
      case "minimum": minimum = value
      case "maximum": maximum = value
      default: throw Unreadable(text: text)
      }
    }
    terms = UsageChargeTerms(
      meter: try MeterKey("units"), price: try WrittenTerms.price(String(parts[0].text)),
      free: free, discountPercent: percent, minimum: minimum, maximum: maximum)
  }

  private static func price(_ text: String) throws -> PriceTerms {
    let words = Words(text[...]).list
    switch words[0] {
    case "per": return .perUnit(rate: try Fixed(words[2]))
    case "package":
      return .package(try PackageTerms(amount: Fixed(words[4]), units: Fixed(words[2])))
    case "graduated": return .graduated(try tiers(text.dropFirst("graduated ".count)))
    case "volume": return .volume(try tiers(text.dropFirst("volume ".count)))
    default: throw Unreadable(text: text)
    }
  }

  private static func tiers(_ text: Substring) throws -> TierTerms {
    let parts = text.split(separator: ";").map { Words($0) }
    let flatAtZero = parts.last?.text == "flat at zero"
    return try TierTerms(
      parts.dropLast(flatAtZero ? 1 : 0).map { try tier($0.list) }, flatAtZero: flatAtZero)
  }

  private static func tier(_ words: [Substring]) throws -> TierTerms.Tier {
    var words = words[...]
    let end: TierTerms.End?
    switch words.removeFirst() {
    case "upTo": end = .upTo(try Fixed(words.removeFirst().dropLast()))
    case "below": end = .below(try Fixed(words.removeFirst().dropLast()))
    default: end = nil
    }
    let rate = try Fixed(words.removeFirst())
    var (flat, block, cap): (Fixed?, Fixed?, Fixed?)
    while let name = words.popFirst() {
      let value = try Fixed(words.removeFirst())
      switch name {
      case "flat": flat = value
      case "block": block = value
      default: cap = value
      }
    }
    return TierTerms.Tier(end: end, rate: rate, flat: flat, block: block, cap: cap)
  }
}

private struct Unreadable: Error { let text: String }

private struct Words {
  let text: Substring
  let list: [Substring]

  init(_ text: Substring) {
    let words = text.split(separator: " ")
    list = words
    self.text = words.first.map { text[$0.startIndex..<words.last!.endIndex] } ?? ""
  }
}

@Suite("Prices of public billing systems")
struct PriceTableTests {
  struct Case: Sendable, CustomStringConvertible {
    let terms: String
    let name: String
    let usage: [String]
    let amount: String
    var description: String { "\(name): \(terms), \(usage.joined(separator: " "))" }
  }

  static let cases: [Case] = {
    var terms = ""
    return priceTable.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("  ") else {
        terms = String(line)
        return nil
      }
      let words = line.split(separator: " ").map(String.init)
      return Case(
        terms: terms, name: words[0], usage: Array(words[1..<words.count - 1]),
        amount: words.last!)
    }
  }()

  private static let windows = RatingWindows(
    BillingMonth(year: 2026, month: 4)!, term: .always, zone: .utc)

  @Test("Each comes to the same amount here", arguments: cases)
  func amount(_ priced: Case) throws {
    let terms = try WrittenTerms(priced.terms).terms
    let expected = try Fixed(priced.amount)
    func line(_ quantity: String) throws -> RatedLine {
      try UsageCharge(
        terms, ClauseScope("c", in: Currency("USD"), Self.windows), quantity: Fixed(quantity).ratio,
        unit: "units"
      ).line()
    }
    let first = try line(priced.usage[0])
    guard priced.usage.count > 1 else {
      // More places than a currency has: the amount before it is rounded.
      let amount = expected.places > 2 ? nil : first.amount.fixed
      #expect(try amount?.ratio ?? first.derivation.steps.last!.exact == expected.ratio)
      return
    }
    var amount = first.amount
    for (sign, quantity) in zip(priced.usage.dropFirst(), priced.usage.dropFirst(2)) {
      switch sign {
      case ">": amount = try line(quantity).amount - amount
      case "less": amount = try amount - Money(rounding: Fixed(quantity).ratio, amount.currency)
      case "+": amount = try amount + line(quantity).amount
      default: break
      }
    }
    #expect(try amount.fixed.ratio == expected.ratio)
  }

  @Test("The table is there, whole")
  func count() {
    #expect(Self.cases.count == 97)
    #expect(Set(Self.cases.map(\.name)).count == 97)
  }

  @Test("A reversal is the exact negative, and nothing falls between two tiers", arguments: cases)
  func properties(_ priced: Case) throws {
    let terms = try WrittenTerms(priced.terms).terms.price
    for thousandths in stride(from: 1, through: 250_000, by: 1237) {
      let quantity = try Ratio(Int128(thousandths), over: 1000)
      let price = try Price(of: quantity, at: terms)
      #expect(try Price(of: -quantity, at: terms).amount == -price.amount)
      #expect(!price.parts.isEmpty)
      if case .graduated(let tiers) = terms {
        var total = Ratio.zero
        for part in price.parts { total = try total + part.quantity }
        #expect(total == quantity, "\(tiers)")
      }
    }
  }
}
