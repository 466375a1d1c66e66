import Base
import GRDB
import Synchronization

/// Looks through the pages of the database while it is open, and tells once of each that is
/// damaged, whoever met it first: this or a request.
package final class DamageWatch: Sendable {
  /// So much is looked through before the service starts; the rest while it runs.
  private static let bytesAtStartMax = 256 << 20
  private static let pause = Duration.seconds(1)
  private static let pauseBetweenRounds = Duration.seconds(24 * 3600)

  private struct State {
    var scan = PageScan()
    /// Opened when it is first read, and kept.
    var file: PageFile?
    var next: ContinuousClock.Instant
    var told: Set<Int64> = []
  }

  private let file: DatabaseFile
  private let path: String
  private let note: @Sendable (String) -> Void
  private let state: Mutex<State>

  init(_ file: DatabaseFile, note: @escaping @Sendable (String) -> Void) {
    self.file = file
    self.note = note
    path = DamagedPages.resolved(file.path)
    state = Mutex(State(next: .now))
  }

  /// The damaged pages that are known by now.
  package var pages: [Int64] { DamagedPages.all(of: path) }

  /// To be called while nobody writes to the file: before the service starts.
  func begin() {
    read(bytesMax: Self.bytesAtStartMax)
    tell()
  }

  /// Reads the database as it is, damaged or not.
  func noting<Value>(_ body: (Database) throws -> Value) throws -> Value { try file.noting(body) }

  /// For the log, once: what rests on damage that was met.
  func say(_ sentence: String) { note(sentence) }

  /// To be called now and then: looks through some more pages, once a day through all.
  package func look(_ store: Store) {
    tell()
    guard state.withLock({ $0.next <= .now }) else { return }
    // The one connection that writes pages is held meanwhile.
    store.pool.writeWithoutTransaction { _ in read(bytesMax: PageScan.bytesAtOnce) }
  }

  private func read(bytesMax: Int) {
    let damaged = state.withLock { state in
      state.file = state.file ?? PageFile(file.path)
      state.scan.read(state.file, bytesMax: bytesMax)
      let damaged = state.scan.damaged
      state.next = .now + (state.scan.isAtEnd ? Self.pauseBetweenRounds : Self.pause)
      if state.scan.isAtEnd { state.scan = PageScan() }
      return damaged
    }
    for page in PageScan.current(damaged, of: file.path) { DamagedPages.note(page, of: path) }
  }

  private func tell() {
    let (pages, new) = (
      pages,
      state.withLock { state in
        let new = DamagedPages.all(of: path).filter { !state.told.contains($0) }
        state.told.formUnion(new)
        return new
      }
    )
    guard !new.isEmpty else { return }
    for sentence in DamageReport(file).sentences(new) { note(sentence) }
    note(
      "\(pages.count.counted("damaged page")) so far: what rests on them is "
        + "parked or refused, all else goes on; Documentation/Damage.md says what to do")
  }
}
