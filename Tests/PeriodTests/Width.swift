import Foundation

/// What random contracts may hold. `USANCE_WIDTH=all` tries all of it at once, which is wider than
/// what every history has been held to so far.
struct Width: Sendable {
  var cycles = AgreedTerms.Cycle.allCases
  /// Versions that take over while the contract runs.
  var changesMax = 2
  /// Discounts, commitments, maximums and prepaid credit.
  var promisesMax = 3
  var areFeesPerAsset = true
  /// Coupons and grants for some months of a longer period.
  var haveMonths = true
  /// Two rates on what promises rest on.
  var haveTwoTaxes = true
  /// Credit notes, disputes and goodwill.
  var haveNotes = true

  static let all = Width()

  /// Terms that change inside periods of every cycle, with one promise at most.
  static let changing = Width(promisesMax: 1, haveMonths: false, haveTwoTaxes: false)

  /// Promises that rest on each other, two rates of tax, credit notes and disputes, by the month.
  static let stacked = Width(cycles: [.month], changesMax: 0, areFeesPerAsset: false)

  static let isAll = ProcessInfo.processInfo.environment["USANCE_WIDTH"] == "all"

  static func of(history number: Int) -> Width {
    isAll ? .all : number.isMultiple(of: 2) ? .changing : .stacked
  }
}
