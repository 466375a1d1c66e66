import Foundation
import Synchronization
import TestSupport

/// One sender of events. It numbers them, notes each before it is sent and when it is acknowledged,
/// and sends again what was not.
final class Device: Sendable {
  private struct Memory {
    var sentCount = 0
    var unacknowledged: [Int] = []
    var complaints: [String] = []
  }

  let source: String
  private let token: String
  private let sizes: ClosedRange<Int>
  private let memory = Mutex(Memory())

  /// A device of `sizes` 1...1 posts single events, any other posts batches.
  init(_ source: String, token: String, sizes: ClosedRange<Int>) {
    self.source = source
    self.token = token
    self.sizes = sizes
  }

  /// Numbers go from 0 up to this.
  var sentCount: Int { memory.withLock { $0.sentCount } }
  var unacknowledged: Set<Int> { memory.withLock { Set($0.unacknowledged) } }
  var complaints: [String] { memory.withLock { $0.complaints } }

  /// Sends until the connection breaks.
  func work(port: UInt16, random: SeededRandom) {
    var random = random
    do {
      let connection = try Connection(port: port)
      while true {
        let old = memory.withLock { Array($0.unacknowledged.prefix(sizes.upperBound)) }
        let ids = old.isEmpty ? fresh(Int.random(in: sizes, using: &random)) : old
        guard try deliver(ids, connection) else { return }
      }
    } catch {}
  }

  /// Sends everything again that was not acknowledged.
  func catchUp(port: UInt16) throws {
    let connection = try Connection(port: port)
    while true {
      let ids = memory.withLock { Array($0.unacknowledged.prefix(sizes.upperBound)) }
      guard !ids.isEmpty, try deliver(ids, connection) else { return }
    }
  }

  private func fresh(_ count: Int) -> [Int] {
    memory.withLock { memory in
      let ids = Array(memory.sentCount..<memory.sentCount + count)
      memory.sentCount += count
      memory.unacknowledged += ids
      return ids
    }
  }

  /// False where the server refused; that it may, as long as it does not acknowledge.
  private func deliver(_ ids: [Int], _ connection: Connection) throws -> Bool {
    let events = ids.map { Sample.event(source: source, id: $0) }
    let isBatch = sizes != 1...1
    let answer = try connection.post(
      isBatch ? "[\(events.joined(separator: ","))]" : events[0], token: token, isBatch: isBatch)
    guard answer.status == 200 else {
      if ![500, 503].contains(answer.status) { complain("\(answer.status): \(answer.body)") }
      return false
    }
    let stored = answer.count("accepted") + answer.count("duplicate")
    if stored != ids.count { complain("of \(ids.count) events: \(answer.body)") }
    memory.withLock { $0.unacknowledged.removeAll { ids.contains($0) } }
    return true
  }

  private func complain(_ text: String) {
    memory.withLock { $0.complaints.append("\(source): \(text)") }
  }

  /// Runs every device on a thread of its own; the group is done when the last one has stopped.
  static func start(
    _ devices: [Device], port: UInt16, seed: UInt64
  ) -> DispatchGroup {
    let group = DispatchGroup()
    for (place, device) in devices.enumerated() {
      group.enter()
      Thread.detachNewThread {
        device.work(port: port, random: SeededRandom(seed: seed &+ UInt64(place) << 32))
        group.leave()
      }
    }
    return group
  }
}
