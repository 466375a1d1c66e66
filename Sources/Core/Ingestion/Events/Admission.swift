package import Base

/// Decides whether a well-formed event may enter, by the clock of the server.
package struct Admission: Sendable {
  /// How far ahead of the server a device's clock may be.
  package static let futureSecondsMax: Int64 = 24 * 3600

  private let now: Instant

  package init(now: Instant) { self.now = now }

  /// When the event counts as having happened: its own time, or now where it has none.
  package func occurrence(of event: Event) throws(Fault) -> Instant {
    guard let time = event.time else { return now }
    try refuseFuture(time, at: "/time")
    return time
  }

  package func refuseFuture(_ time: Instant, at pointer: String) throws(Fault) {
    guard time <= now.advanced(bySeconds: Admission.futureSecondsMax) else {
      throw Fault(.futureEvent, "`time` lies more than 24 hours ahead of the server", at: pointer)
    }
  }
}
