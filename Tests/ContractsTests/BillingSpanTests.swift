import Base
import Contracts
import Testing

struct BillingSpanTests {
  /// Counted from the month in which the contract began, across the turn of the year.
  @Test(arguments: [
    (BillingCycle.Length.month, "2013-05", "2013-05", "2013-05"),
    (.quarter, "2013-02", "2013-02", "2013-04"), (.quarter, "2013-04", "2013-02", "2013-04"),
    (.quarter, "2013-12", "2013-11", "2014-01"), (.quarter, "2014-01", "2013-11", "2014-01"),
    (.halfYear, "2013-08", "2013-08", "2014-01"), (.year, "2014-01", "2013-02", "2014-01"),
    (.year, "2014-02", "2014-02", "2015-01"), (.year, "2013-01", "2013-01", "2013-01"),
  ])
  func beginsWithTheContract(
    span: BillingCycle.Length, month: String, first: String, last: String
  ) throws {
    let months = span.stretch(
      holding: try BillingMonth(month), since: try BillingMonth("2013-02"))
    #expect("\(months.lowerBound) \(months.upperBound)" == "\(first) \(last)")
  }
}
