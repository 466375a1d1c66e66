import Settlement

/// Sums of mixed numbers, to compare two sets of rows that come in different orders: they are equal
/// where the rows are and, as good as never, otherwise.
struct MultisetSum {
  private var sums: [Int64: UInt64] = [:]

  /// Adds a row to those of a place.
  mutating func add(_ row: UInt64, at place: Int64) { sums[place, default: 0] &+= row }

  mutating func remove(_ row: UInt64, at place: Int64) { sums[place, default: 0] &-= row }

  /// Where the rows that were added are not those that were removed, in order.
  var differing: [Int64] { sums.filter { $0.value != 0 }.keys.sorted() }

  static func mix(_ first: Int64, _ second: Int64, _ third: Int64 = 0) -> UInt64 {
    let start = mixed(UInt64(bitPattern: first) &+ 0x9E37_79B9_7F4A_7C15)
    return mixed(mixed(start ^ UInt64(bitPattern: second)) ^ UInt64(bitPattern: third))
  }

  static func mix(_ row: UInt64, _ next: Int64) -> UInt64 { mixed(row ^ UInt64(bitPattern: next)) }

  /// Source: S. Vigna, SplitMix64, 2015.
  private static func mixed(_ number: UInt64) -> UInt64 {
    var mixed = number &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
