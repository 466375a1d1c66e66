import Base
import TestSupport
import Testing

struct CurrencyTests {
  /// ISO 4217, list one: the digits behind the point.
  @Test(arguments: [
    ("EUR", 2), ("USD", 2), ("GBP", 2), ("JPY", 0), ("KRW", 0), ("ISK", 0), ("CLP", 0),
    ("KWD", 3), ("BHD", 3), ("TND", 3), ("CLF", 4), ("UYW", 4),
  ])
  func knowsTheMinorUnit(code: String, digits: Int) throws {
    let currency = try Currency(code)
    #expect(currency.minorDigits == digits)
    #expect(currency.description == code)
  }

  @Test(arguments: ["", "eur", "EURO", "EU", "XXX", "DEM", " EUR", "€"])
  func refusesWhatIsNoCurrencyInCirculation(code: String) {
    #expect(fault { try Currency(code) }?.code == .invalidValue)
  }
}
