import Base
import GRDB
import Metering
import Rating
import Workflow

extension EvidenceReader {
  /// Whose events count for a request, and when. It is looked at for every event, and never copied.
  final class Interest {
    /// The place of the request.
    let request: Int
    /// That of its meter among those that read.
    let meter: Int
    /// That of its stretch in the request.
    let stretch: Int
    /// Of that stretch.
    let period: Period
    /// What of it counts, rising.
    let times: [Period]
    let group: String?
    let only: Set<Evidence.Reference>?
    /// The samples that the times rest on, by group, where the meter remembers some.
    let basis: [String: Set<Sample>]?
    /// The hours in which an event may lie that has something to say about the times.
    let hours: ClosedRange<Int64>
    /// Earlier hours with samples that held already when the times began.
    let earlier: Set<Int64>
    /// From when on an event says that its subject is not silent.
    let heardFrom: Instant
    /// Whether such an event has come.
    var isHeard = false

    /// Nil where no event can have anything to say.
    init?(
      _ request: EvidenceRequest, _ place: Int, _ meters: [MeterDefinition], _ meter: Int,
      _ stretch: SubjectStretch, _ number: Int, _ subject: Int64, _ db: Database
    ) throws {
      let definition = meters[meter]
      let times = stretch.parts(of: request.times)
      guard let first = times.first, let last = times.last else { return nil }
      let whole = Period(start: first.start, end: last.end)
      self.request = place
      self.meter = meter
      self.stretch = number
      self.period = stretch.period
      self.times = times
      group = request.group
      only = request.only
      heardFrom = request.reviewed?.start ?? .latest
      hours = definition.aggregation.reach(of: whole).hours
      guard let memory = definition.aggregation.memory else {
        (basis, earlier) = (nil, [])
        return
      }
      let basis = try SampleHistory.basis(
        of: definition, memory, subject: subject, group: request.group, in: times, db)
      let start = whole.start.microsecondsSinceEpoch
      earlier = basis.values.reduce(into: []) { hours, samples in
        for sample in samples where sample.time < start {
          hours.insert(floorDivide(sample.time, by: Instant.microsecondsPerHour))
        }
      }
      self.basis = basis
    }

    func mayHold(_ hour: Int64) -> Bool { hours.contains(hour) || earlier.contains(hour) }

    func counts(_ instant: Instant) -> Bool { times.contains { $0.contains(instant) } }
  }
}
