import Base
import Logging
import ServiceLifecycle
import Services
import Workflow

/// What is done while nobody asks for it, a slice at a time, so that devices never wait for long:
/// meters that were put while the log was long are counted, and hours that have fallen quiet are
/// packed. After a start it goes on where it was.
struct MaintenanceTask: Service {
  private static let idle = Duration.seconds(1)

  let services: ServerContext
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do {
          if try await services.pool.run(.maintenance, { try slice() }) { continue }
        } catch let fault as Fault where fault.code == .storageFull {
          // That is in the log already; nothing is lost, and it goes on when there is room.
        } catch {
          logger.error("upkeep failed: \(error)")
        }
        try? await Task.sleep(for: Self.idle)
      }
    }
  }

  private func slice() throws -> Bool {
    let isWork = try services.home.tend()
    return try isWork || services.commit.maintain()
  }
}
