import Base
import FlightArchive
import Gzip
import Testing

@testable import Command

/// The flights as they are embedded, read once for all the tests.
private let embedded = Result {
  try FlightColumns.flights(
    in: Inflater.bytes(
      of: EmbeddedFlights.gzip, byteCountMax: FlightColumns.byteCountMax))
}

/// The facts of the published package that the demo's figures rest on.
@Suite struct EmbeddedFlightsTests {
  let flights: [Flight]

  init() throws { flights = try embedded.get() }

  @Test(arguments: [("9E", 4_659), ("DL", 11_323), ("HA", 90)])
  func everyFlightOfTheCarrierIsThere(carrier: String, count: Int) {
    #expect(flights.count { $0.carrier == carrier } == count)
  }

  @Test func thereAreNoOthers() {
    #expect(flights.count == 16_072)
    #expect(flights.allSatisfy { $0.date.year == 2013 && (1...3).contains($0.date.month) })
  }

  @Test func theFirstRowReadsAsPublished() {
    #expect(
      flights.first
        == Flight(
          carrier: "9E", number: 3285, date: CivilDate(year: 2013, month: 3, day: 2)!,
          scheduledMinute: 14 * 60 + 27, tail: "N605LR", origin: "EWR", destination: "MSP",
          airMinutes: 137, engines: 2))
  }

  @Test func carrierNumberAndDateNameAFlight() {
    let sorted = zip(flights, flights.dropFirst()).allSatisfy { first, second in
      (first.carrier, first.number, first.date) < (second.carrier, second.number, second.date)
    }
    #expect(sorted)
  }

  /// Computed by Scripts/recompute-flights.py from the published package.
  @Test(arguments: [
    ("9E", 1, 248_018, 2_960), ("9E", 2, 217_758, 2_682), ("9E", 3, 240_894, 3_020),
    ("DL", 1, 1_320_650, 7_310), ("DL", 2, 1_185_646, 6_602), ("DL", 3, 1_462_694, 8_236),
    ("HA", 1, 39_360, 62), ("HA", 2, 34_908, 56), ("HA", 3, 40_202, 62),
  ])
  func enginesFlewSoLongSoOften(carrier: String, month: Int, minutes: Int, cycles: Int) {
    var (minutesFound, cyclesFound) = (0, 0)
    for flight in flights where flight.carrier == carrier && flight.date.month == month {
      guard let airMinutes = flight.airMinutes, let engines = flight.engines else { continue }
      minutesFound += airMinutes * engines
      cyclesFound += engines
    }
    #expect((minutesFound, cyclesFound) == (minutes, cycles))
  }

  @Test(arguments: [("9E", 328), ("DL", 241), ("HA", 0)])
  func someNeverFlewOrLandedElsewhere(carrier: String, count: Int) {
    #expect(flights.count { $0.carrier == carrier && $0.airMinutes == nil } == count)
  }

  @Test func someHaveNoTailAndNoneOfThemFlew() {
    let nameless = flights.filter { $0.tail == nil }
    #expect(nameless.count == 294)
    #expect(nameless.allSatisfy { $0.carrier == "9E" && $0.airMinutes == nil })
  }

  @Test func someTailsAreUnknownToTheRegister() {
    let unknown = flights.filter { $0.tail != nil && $0.engines == nil }
    #expect(unknown.count == 8)
    #expect(unknown.allSatisfy { $0.carrier == "DL" && $0.airMinutes != nil })
    #expect(Set(unknown.map(\.tail)).count == 4)
  }

  @Test func noTailFliesForTwoCarriers() {
    let flown = flights.filter { $0.tail != nil }
    let carriersByTail = Dictionary(grouping: flown, by: \.tail).mapValues { flights in
      Set(flights.map(\.carrier))
    }
    #expect(carriersByTail.count == 721)
    #expect(carriersByTail.values.allSatisfy { $0.count == 1 })
  }
}

@Suite struct FlightColumnsTests {
  private static let lines = [
    "carrier 9E DL =", "flight 1 = 20", "date 01-31 02-01 =", "departure 0005 2359 =",
    "origin JFK = =", "destination LGA BOS =", "minutes 37 - =", "tail N1 - N2", "known N1 N3",
    "engines 2 4",
  ]

  private static func text(_ lines: [String]) -> [UInt8] {
    lines.flatMap { line in Array("\(line)\n".utf8) }
  }

  @Test func repetitionsAndAbsencesAreRead() throws {
    let flights = try FlightColumns.flights(in: FlightColumnsTests.text(FlightColumnsTests.lines))
    #expect(flights.map(\.carrier) == ["9E", "DL", "DL"])
    #expect(flights.map(\.number) == [1, 1, 20])
    #expect(flights.map(\.date.description) == ["2013-01-31", "2013-02-01", "2013-02-01"])
    #expect(flights.map(\.scheduledMinute) == [5, 1439, 1439])
    #expect(flights.map(\.airMinutes) == [37, nil, nil])
    #expect(flights.map(\.tail) == ["N1", nil, "N2"])
    #expect(flights.map(\.engines) == [2, nil, nil])
  }

  /// One line is replaced, and the fault points at the value, or at the line where there is none.
  @Test(
    arguments: [
      ("carrier = DL DL", .carrier, 0),  // nothing to repeat
      ("carrier 9e DL DL", .carrier, 0),
      ("carriers 9E DL DL", .carrier, nil),
      ("carrier", .carrier, nil),
      ("flight 1 = ", .flight, 2),
      ("flight 1 =", .flight, nil),  // one value too few
      ("flight 1 = = =", .flight, nil),
      ("flight 1 -2 3", .flight, 1),
      ("flight 1 2 12345", .flight, 2),
      ("date 01-31 02-29 =", .date, 1),  // 2013 is not a leap year
      ("date 01-31 2-01 =", .date, 1),
      ("date 01-31 02/01 =", .date, 1),
      ("departure 2400 0000 =", .departure, 0),
      ("departure 1260 0000 =", .departure, 0),
      ("departure 905 0000 =", .departure, 0),
      ("origin - = =", .origin, 0),
      ("destination LGA  =", .destination, 1),
      ("minutes NA - =", .minutes, 0),
      ("tail N1 - N23456789", .tail, 2),
      ("known N1 N1", .known, 1),
      ("engines 2", .engines, nil),
      ("engines 2 -", .engines, 1),
      ("engines 2 4\nengines 2 4", .engines, nil),
      ("engines 2 4\n", .engines, nil),
      ("\norigin JFK = =", .origin, nil),
    ] as [(String, FlightColumns.Column, Int?)])
  func aMalformedLineIsPointedAt(line: String, column: FlightColumns.Column, row: Int?) throws {
    var lines = FlightColumnsTests.lines
    let index = try #require(FlightColumns.Column.allCases.firstIndex(of: column))
    lines[index] = line
    let failure = #expect(throws: FlightColumns.Malformed.self) {
      try FlightColumns.flights(in: FlightColumnsTests.text(lines))
    }
    #expect(failure?.column == column)
    #expect(failure?.row == row)
  }

  @Test func noTruncatedTextIsRead() {
    let text = FlightColumnsTests.text(FlightColumnsTests.lines)
    for count in text.indices {
      #expect(throws: FlightColumns.Malformed.self) {
        try FlightColumns.flights(in: Array(text.prefix(count)))
      }
    }
  }
}
