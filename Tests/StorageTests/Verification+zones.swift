import Foundation
import Services
import TimeZones

@testable import SQLite

extension Verification {
  /// What is proven as the program does.
  init(_ folder: DataFolder, _ zones: ZoneDatabase = ZoneDatabase()) {
    self.init(
      folder,
      BillingService.rerating(
        zones, threads: ProcessInfo.processInfo.activeProcessorCount))
  }
}
