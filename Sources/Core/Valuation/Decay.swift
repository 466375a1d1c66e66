package import Base

/// Points that something happened for, and how many whole days ago it did. Points may be negative.
package struct AgedPoints: Hashable, Sendable {
  package let points: Int
  package let ageDays: Int

  package init(_ points: Int, ageDays: Int) {
    precondition(ageDays >= 0, "what has not happened yet is worth no points")
    self.points = points
    self.ageDays = ageDays
  }
}

/// How points fade with time: half of them are gone after each half-life. What is held against a
/// customer fades at twice the half-life, for trust comes back slower than it goes.
package struct Decay: Sendable {
  package static let halfLife180Days = Decay(halfLifeDays: 180)
  package static let halfLife365Days = Decay(halfLifeDays: 365)

  package let gains: DecayTable
  package let losses: DecayTable

  package init(halfLifeDays: Int) {
    gains = DecayTable(halfLifeDays: halfLifeDays)
    losses = DecayTable(halfLifeDays: 2 * halfLifeDays)
  }

  /// What the points are worth today, together; exact in units of 10^-9 points.
  package func points(_ list: some Sequence<AgedPoints>) throws(Fault) -> Ratio {
    var total = Ratio.zero
    for aged in list {
      let table = aged.points < 0 ? losses : gains
      let units = Int128(aged.points) * Int128(table.units(afterDays: aged.ageDays))
      total = try total + Ratio(units, over: Int128(DecayTable.unitsPerPoint))
    }
    return total
  }
}

/// What is left of one point after whole days, in units of 10^-9: `T[k mod H] >> (k div H)` with
/// `T[r] = round(10^9 * 2^(-r/H))`, the rule 1 of `vcs-1`.
package struct DecayTable: Sendable {
  package static let unitsPerPoint: UInt64 = 1_000_000_000

  package let halfLifeDays: Int
  /// One entry for every day of the first half-life.
  package let entries: [UInt64]

  package init(halfLifeDays: Int) {
    precondition((1...20_000).contains(halfLifeDays), "a half-life is 1 to 20000 days")
    self.halfLifeDays = halfLifeDays
    let day = DecayTable.rootOfHalf(halfLifeDays)
    var left = day
    var entries = [DecayTable.unitsPerPoint]
    for _ in 1..<halfLifeDays {
      let scaled = left.multipliedFullWidth(by: UInt128(DecayTable.unitsPerPoint))
      let roundedUp = scaled.low >> 127 == 1
      entries.append(UInt64(scaled.high) + (roundedUp ? 1 : 0))
      left = DecayTable.product(left, day)
    }
    self.entries = entries
  }

  package func units(afterDays days: Int) -> UInt64 {
    precondition(days >= 0, "points fade forward in time")
    let (halvings, remainder) = days.quotientAndRemainder(dividingBy: halfLifeDays)
    return entries[remainder] >> halvings
  }

  /// The greatest fraction, in units of 2^-128, whose `degree`-th power is not above one half.
  ///
  /// Every truncation loses less than one unit of 2^-128. A power sums up at most `2 * degree` of
  /// them, and the root is off by as many divided by its slope `degree / 2`: some four units. An
  /// entry multiplies it up to `degree` times, hence is off by less than 20000 * 5 * 2^-128 * 10^9
  /// or 2^-81 of a unit, far too little to turn a rounding.
  private static func rootOfHalf(_ degree: Int) -> UInt128 {
    let half = UInt128(1) << 127
    var root: UInt128 = 0
    for bit in (0..<128).reversed() {
      let candidate = root | (UInt128(1) << UInt128(bit))
      if power(candidate, degree) <= half { root = candidate }
    }
    return root
  }

  private static func power(_ base: UInt128, _ exponent: Int) -> UInt128 {
    var (square, left) = (base, exponent)
    // One cannot be written as a fraction of 128 bits: nil stands for it.
    var result: UInt128?
    while left > 0 {
      if left & 1 == 1 { result = result.map { product($0, square) } ?? square }
      square = product(square, square)
      left >>= 1
    }
    return result ?? .max
  }

  /// The product of two fractions in units of 2^-128, cut off.
  private static func product(_ left: UInt128, _ right: UInt128) -> UInt128 {
    left.multipliedFullWidth(by: right).high
  }
}
