import Foundation

/// What random contracts may hold. It is widened as rules are proven; `USANCE_WIDTH=all` tries what is
/// still to come.
struct Width: Sendable {
  var cycles = AgreedTerms.Cycle.allCases
  var changesMax = 2
  var promisesMax = 3
  var areFeesPerAsset = true
  var haveTwoTaxes = true

  static let all = Width()
  static let narrow = Width(
    cycles: [.month], changesMax: 0, promisesMax: 1, areFeesPerAsset: false, haveTwoTaxes: false)

  static let isAll = ProcessInfo.processInfo.environment["USANCE_WIDTH"] == "all"
}
