import Base
import Console

/// What the maker of the engines has agreed with three airlines. The flights are real; the rates
/// are round numbers, and the leg table is a public stand-in for the curves that makers keep
/// secret.
struct DemoCatalog {
  static let flown = "flight.flown"
  static let notFlown = "flight.not-flown"

  private static let airlines = [
    ("9E", "Endeavor Air"), ("DL", "Delta Air Lines"), ("HA", "Hawaiian Airlines"),
  ]

  private static let legTable = [
    ("1", "1.235"), ("1.5", "1.078"), ("2", "1.000"), ("3", "0.922"), ("5", "0.859"),
    ("10", "0.812"),
  ]

  private let flights: DemoFlights

  init(_ flights: DemoFlights) { self.flights = flights }

  func put(with client: APIClient, tell: (String) -> Void) async throws {
    for (key, name) in Self.airlines {
      _ = try await client.put("/v1/customers/\(key)", ["name": .string(name)])
    }
    for (key, meter) in Self.meters { _ = try await client.put("/v1/meters/\(key)", meter) }
    for (key, _) in Self.airlines {
      _ = try await client.put("/v1/contracts/\(contract(key))", terms(key))
    }
    let aircraft = flights.aircraft
    for (tail, carrier) in aircraft {
      _ = try await client.put("/v1/assets/\(tail)", asset(carrier))
    }
    tell(
      "Agreed: \(Self.airlines.count) airlines, \(aircraft.count) aircraft, "
        + "power by the hour at 100.00 USD an engine hour, adjusted for severity.")
  }

  private static let meters: [(String, JSON)] = [
    ("engine-time", sum("/engineSeconds", unit: "s", perAssetHour: "7200")),
    ("engine-cycles", sum("/engineCycles", unit: "cycles")),
    ("flights-flown", count([flown])),
    ("flights-planned", count([flown, notFlown])),
  ]

  /// An aircraft has two engines: an hour of it holds two of theirs.
  private static func sum(_ value: String, unit: String, perAssetHour: String? = nil) -> JSON {
    .object([
      "aggregation": "sum", "eventTypes": [.string(flown)], "unit": .string(unit),
      "value": .string(value),
      "bounds": perAssetHour.map { ["perAssetHour": .string($0)] },
    ])
  }

  private static func count(_ types: [String]) -> JSON {
    [
      "aggregation": "count", "eventTypes": .array(types.map(JSON.string)), "unit": "flights",
    ]
  }

  private func contract(_ airline: String) -> String { "\(airline)-power-by-the-hour" }

  private func terms(_ airline: String) -> JSON {
    [
      "customer": .string(airline), "currency": "USD", "zone": .string(DemoFlights.zone),
      "from": "2013-01-01",
      "clauses": [
        [
          "key": "engines", "kind": "severityHours", "hours": "engine-time",
          "cycles": "engine-cycles", "rate": "100.00", "cycleRate": "0.00",
          "legTable": .array(
            Self.legTable.map { ["at": .string($0.0), "factor": .string($0.1)] }),
        ]
      ],
      "value": ["used": "flights-flown", "planned": "flights-planned"],
      "note": """
      The flights are real; the rate is a round number and the severity curve a public stand-in, \
      for no maker publishes its own.
      """,
    ]
  }

  private func asset(_ carrier: String) -> JSON {
    [
      "assignments": [
        ["contract": .string(contract(carrier)), "from": "2013-01-01T05:00:00Z"]
      ]
    ]
  }
}
