import Base
import Foundation
import TestSupport
import Testing

@testable import SQLite
@testable import Services
@testable import TimeZones

/// Random contracts of every cycle, told and billed in any order, beside the naive model.
struct PeriodHistoriesTests {
  /// 100 in `make test`; `USANCE_HISTORIES=5000` before a release.
  private static let histories =
    ProcessInfo.processInfo.environment["USANCE_HISTORIES"].flatMap(Int.init) ?? 100

  private static let complaintsMax = 3

  @Test("every document is what the naive model makes of what was told")
  func equalsTheModel() async {
    let started = ContinuousClock.now
    let (zones, counts) = (ZoneDatabase(), TrialCounts())
    let complaints = await withTaskGroup(of: [String].self) { group in
      let lanes = 2
      for lane in 0..<lanes {
        group.addTask {
          var complaints: [String] = []
          for number in stride(from: lane, to: Self.histories, by: lanes)
          where complaints.count < Self.complaintsMax {
            if let complaint = await Self.complaint(about: number, zones, counts) {
              complaints.append(complaint)
            }
          }
          return complaints
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n\n"))")
    let spent = started.duration(to: .now)
    for kind in TrialCounts.Kind.allCases where Self.histories >= 100 {
      #expect(counts[kind] > 0, "no history has \(kind)")
    }
    print(
      """
      periods: \(Self.histories) histories, \(spent / Self.histories) each, \(spent) in all, with \
      \(counts.told)
      """)
  }

  /// The first difference of a history, with the shortest history that still shows one.
  private static func complaint(
    about number: Int, _ zones: ZoneDatabase, _ counts: TrialCounts
  ) async -> String? {
    var random = SeededRandom(seed: SeededRandom.runSeed &+ UInt64(number) &* 104_729)
    let (history, difference) = await PeriodHistory(.of(history: number), &random).shortest {
      await PeriodTrial.difference($0, zones, counts)
    }
    guard let difference else { return nil }
    return """
      history \(number), seed \(SeededRandom.runSeed): \(difference)
      \(history.told)
      """
  }
}
