import Base
import FlightArchive
import Gzip
import SQLite
import Services
import TimeZones

/// The flights of the quarter, as the events that the airlines' systems would send.
struct DemoFlights {
  /// The scheduled departure is local to New York, where all of these flights leave from.
  static let zone = "America/New_York"
  private static let eventsPerRequest = 500

  let flights: [Flight]
  private let rules: ZoneRules

  init() throws {
    let text = try Inflater.bytes(
      of: EmbeddedFlights.gzip, byteCountMax: FlightColumns.byteCountMax)
    try self.init(FlightColumns.flights(in: text))
  }

  init(_ flights: [Flight]) throws {
    self.flights = flights.sorted { ($0.date, $0.scheduledMinute) < ($1.date, $1.scheduledMinute) }
    rules = try ZoneDatabase().rules(Self.zone)
  }

  var count: Int { flights.count }

  /// The aircraft whose engines are known, each with the airline that flew it.
  var aircraft: [(tail: String, carrier: String)] {
    var carriers: [String: String] = [:]
    for flight in flights where flight.engines != nil {
      if let tail = flight.tail { carriers[tail] = flight.carrier }
    }
    return carriers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  func batches() -> [JSON] {
    stride(from: 0, to: flights.count, by: Self.eventsPerRequest).map { start in
      .array(flights[start..<min(start + Self.eventsPerRequest, count)].map(event))
    }
  }

  /// A flight without a time in the air did not reach its destination as planned; one without a
  /// tail number is about the airline itself.
  private func event(_ flight: Flight) -> JSON {
    let departure = rules.instant(flight.date, secondOfDay: flight.scheduledMinute * 60)
    let isFlown = flight.airMinutes != nil
    return [
      "specversion": "1.0",
      "id": .string("\(flight.carrier)\(flight.number)-\(flight.date)"),
      "source": .string("//flights.example/\(flight.carrier)"),
      "type": .string(isFlown ? DemoCatalog.flown : DemoCatalog.notFlown),
      "subject": .string(flight.tail ?? flight.carrier),
      "time": .text(departure),
      "data": data(flight),
    ]
  }

  private func data(_ flight: Flight) -> JSON {
    let engines = flight.airMinutes == nil ? nil : flight.engines
    return .object([
      "origin": .string(flight.origin), "destination": .string(flight.destination),
      "airMinutes": flight.airMinutes.map { .integer($0) },
      "engineSeconds": engines.map { .integer(flight.airMinutes! * 60 * $0) },
      "engineCycles": engines.map { .integer($0) },
    ])
  }
}
