import Base
import Contracts
import GRDB
import Metering

/// One look at the database, in one transaction, by what is agreed: what does not change while it
/// lasts is read once for all that are rated in it.
final class Look {
  private struct Place: Hashable {
    let meter: MeterKey
    let windows: Windows
    let keepsTimelines: Bool
  }

  /// Contracts of one zone ask for the same few windows.
  private static let bucketsMax = 100

  let state: CatalogState
  let late: LateEvents
  let db: Database
  private var buckets: [Place: BucketsByWindow] = [:]

  init(_ state: CatalogState, _ db: Database, late: LateEvents? = nil) {
    self.state = state
    self.late = late ?? LateEvents(state)
    self.db = db
  }

  func buckets(
    _ meter: MeterDefinition, _ windows: Windows, keepingTimelines: Bool
  ) throws -> BucketsByWindow {
    let place = Place(meter: meter.key, windows: windows, keepsTimelines: keepingTimelines)
    if let known = buckets[place] { return known }
    let made = try BucketsByWindow(meter, windows, keepingTimelines: keepingTimelines, db)
    if buckets.count >= Look.bucketsMax { buckets = [:] }
    buckets[place] = made
    return made
  }

  func mayTouch(_ invoice: KeptInvoice) throws -> Bool { try late.mayTouch(invoice, db) }
}
