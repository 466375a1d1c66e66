import Logging
import ServiceLifecycle
import Storage

/// Counts meters that were put while the log was long, a slice at a time, so that devices never
/// wait for long. After a start it goes on where it was.
struct MeterCounting: Service {
  private static let idle = Duration.seconds(1)

  let catalogs: Catalogs
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do {
          if try await Blocking.run({ try catalogs.countMeters() }) { continue }
        } catch {
          // A full disk, perhaps; nothing is lost, and whoever asks is told that it is not done.
          logger.error("meters cannot be counted: \(error)")
        }
        try? await Task.sleep(for: Self.idle)
      }
    }
  }
}
