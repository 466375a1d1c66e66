package import Base

extension Money {
  /// In minor units, as the database sums them up; an amount beyond 62 bits is a fault.
  package var storedMinor: Int64 {
    get throws(Fault) {
      guard abs(amountMinor) < 1 << 62 else {
        throw Fault(.overflow, "an amount of money exceeds 62 bits")
      }
      return Int64(amountMinor)
    }
  }
}
