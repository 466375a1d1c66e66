import Base
import Testing
import YAML

/// What is agreed and what happens behind domain rule G10: one engine, from the flights, tickets
/// and tasks of its April to one invoice. The clauses' own worked examples (G1, G4, G7, G8) are
/// told of different years and engines; here all of their facts are those of one engine in 2026.
enum AssembledInvoice {
  /// From the start of 2026: power by the hour. What is promised beside it holds from April on, so
  /// that a correction of March, which is rated by the rules of March, moves nothing else.
  static func catalog(fromAprilOn: Bool) throws -> JSON {
    let terms = fromAprilOn ? "    effective: 2026-04-01\n" : ""
    return try YAMLDocument(agreed + terms + power + (fromAprilOn ? promises : "")).json
  }

  private static let agreed = """
    customers:
      acme: {name: Acme Air}
    taxes:
      vat: {name: VAT, category: S, rates: [{from: 2026-01-01, rate: 0.20}]}
    meters:
      time: {aggregation: sum, eventTypes: [flown], unit: s, value: /seconds}
      cycles: {aggregation: sum, eventTypes: [flown], unit: cycles, value: /cycles}
      derate: {aggregation: sum, eventTypes: [flown], unit: percent-s, value: /derateSeconds}
      dust: {aggregation: sum, eventTypes: [flown], unit: s, value: /dustSeconds}
      state:
        aggregation: stateTime
        eventTypes: [said]
        unit: h
        value: /state
        heartbeatTimeoutSeconds: 3600
        states:
          - {is: running, class: up}
          - {is: down, class: down, holdSeconds: 2678400}
          - {is: planned, class: planned, holdSeconds: 2678400}
          - {is: grounded by customer, class: customerCaused, holdSeconds: 2678400}
          - {is: at 70 per cent, class: degraded, loss: 0.3, holdSeconds: 2678400}
          - {is: closed, class: silent}
      inspection:
        {aggregation: sum, eventTypes: [inspected], unit: h, value: /hours, groupBy: [/task]}
      reports: {aggregation: count, eventTypes: [reported], unit: reports}
      shared: {aggregation: latest, eventTypes: [shared], unit: "%", value: /percent, places: 1}
      referrals: {aggregation: count, eventTypes: [referred], unit: closed}
    assets:
      engine-1: {assignments: [{contract: pbh, from: "2026-01-01T00:00:00Z"}]}
    contracts:
      pbh:
        customer: acme
        currency: EUR
        zone: UTC
        from: 2026-01-01
        taxes: [{tax: vat}]

    """

  private static let power = """
        clauses:
          - key: power
            kind: severityHours
            hours: time
            cycles: cycles
            rate: 180.00
            cycleRate: 42.50
            index: {factor: 1.04}
            legTable:
              - {at: 1, factor: 1.235}
              - {at: 1.5, factor: 1.078}
              - {at: 2, factor: 1.000}
              - {at: 3, factor: 0.922}
              - {at: 5, factor: 0.859}
              - {at: 10, factor: 0.812}
            derate:
              meter: derate
              table: [{at: 0, factor: 1.06}, {at: 10, factor: 1.00}, {at: 20, factor: 0.95}]
            environment: [{meter: dust, factor: 1.12}]
            severityMin: 1.047

    """

  private static let promises = """
          - key: availability
            kind: availabilityGuarantee
            meter: state
            plannedQuotaSeconds: 28800
            minimumOutageSeconds: 300
            bands:
              - {atLeast: 98.5, percent: 0}
              - {atLeast: 97.5, percent: 5}
              - {atLeast: 96, percent: 10}
              - {atLeast: 90, percent: 20}
              - {percent: 35}
          - key: scores
            kind: scorecard
            span: quarter
            kpis: [{name: sharing, weight: 1, meter: shared, threshold: 80, target: 95}]
          - {key: held, kind: holdback, percent: 8, scorecard: scores}
          - key: partner
            kind: coCreationCredit
            capPercent: 6
            activities:
              - key: inspection
                name: Borescope inspection
                perUnit: {meter: inspection, rate: 95.00, allowance: 40}
              - key: reports
                name: Failure report
                perUnit: {meter: reports, rate: 250.00, cap: 5}
              - key: data
                name: Data sharing
                ofBase: {percent: 0.5, meter: shared, atLeast: 95}
              - {key: referral, name: Referral, perUnit: {meter: referrals, rate: 2000.00}}
    """
}

// MARK: What happens

extension AssembledInvoice {
  /// 40 flights of 2.5 hours at a mean derate of 10 %. So mild a use has a severity of 0.961, and
  /// the least that is agreed, 1.047, holds.
  static var march: [SampleEvent] {
    (11...30).flatMap { day in
      [10, 18].map { hour in
        flight(
          "march-\(day)-\(hour)", Instant("2026-03-\(day)T\(hour):00:00Z")!, seconds: 9000,
          derate: 10)
      }
    }
  }

  /// 2.5 hours of a flight whose landing was told in time.
  static var lateFlight: SampleEvent {
    flight("late", Instant("2026-03-28T12:00:00Z")!, seconds: 9000, cycles: 0, derate: 10)
  }

  /// 350 flights of 1.75 hours, 612.5 in all, at a mean derate of 12 %, 15 % of the time in dust;
  /// none of them while the engine could not fly.
  static var april: [SampleEvent] {
    let stops = tickets.filter { !$0.state.contains("70") }.map(\.period)
    var flights: [SampleEvent] = []
    var start = Instant("2026-04-01T00:00:00Z")!
    while flights.count < 350 {
      let flight = Period(start: start, end: start.advanced(bySeconds: 6300))
      if let stop = stops.first(where: { !$0.intersection(flight).isEmpty }) {
        start = stop.end
        continue
      }
      start = flight.end
      flights.append(
        self.flight(
          "april-\(flights.count)", flight.end, seconds: 6300, derate: 12, dust: 945))
    }
    return flights + states + tasks
  }

  private static func flight(
    _ id: String, _ end: Instant, seconds: Int, cycles: Int = 1, derate: Int, dust: Int = 0
  ) -> SampleEvent {
    SampleEvent(
      id: id, subject: "engine-1", time: end.description,
      data: [
        "seconds": .integer(seconds), "cycles": .integer(cycles),
        "derateSeconds": .integer(derate * seconds), "dustSeconds": .integer(dust),
      ])
  }

  /// Two tickets of the 3rd overlap, and so do the customer's and the maker's of the 15th; the work
  /// of the 8th is two hours over its quota; the blip of the 25th is too short to be an outage.
  private static let tickets = [
    ticket("down", "03T08:00", "03T14:00"), ticket("down", "03T12:00", "03T18:00"),
    ticket("planned", "08T00:00", "08T10:00"),
    ticket("grounded by customer", "15T10:00", "15T15:00"), ticket("down", "15T13:00", "15T17:00"),
    ticket("at 70 per cent", "20T00:00", "20T20:00"), ticket("down", "25T06:00", "25T06:03"),
  ]

  private static func ticket(
    _ state: String, _ from: String, _ until: String
  ) -> (state: String, period: Period) {
    func instant(_ text: String) -> Instant { Instant("2026-04-\(text):00Z")! }
    return (state, Period(start: instant(from), end: instant(until)))
  }

  /// The engine says every hour that it runs, but between midnight and noon of the 22nd; for an
  /// hour it is believed.
  private static var states: [SampleEvent] {
    let month = Instant("2026-04-01T00:00:00Z")!
    let silence = Int64(21 * 24 + 1)..<21 * 24 + 12
    let heard = (0..<Int64(720)).filter { !silence.contains($0) }.map { hour in
      said("running", by: "/engine-1", at: month.advanced(bySeconds: hour * 3600))
    }
    let told = tickets.enumerated().flatMap { number, ticket in
      [(ticket.state, ticket.period.start), ("closed", ticket.period.end)].map { state, time in
        said(state, by: "/tickets/\(number)", at: time)
      }
    }
    return heard + told
  }

  private static func said(_ state: String, by source: String, at time: Instant) -> SampleEvent {
    SampleEvent(
      id: time.description, source: source, type: "said", subject: "engine-1",
      time: time.description, data: ["state": .string(state)])
  }

  /// The customer's own: 46 hours of one inspection, of which 40 are paid for, seven reports, of
  /// which five are, nearly all of its data, and a recommendation that became a contract.
  private static var tasks: [SampleEvent] {
    func task(_ type: String, _ day: Int, _ data: JSON) -> SampleEvent {
      SampleEvent(
        id: "\(type)-\(day)", source: "/acme/shop", type: type, subject: "engine-1",
        time: "2026-04-\(day)T16:00:00Z", data: data)
    }
    return [
      task("inspected", 10, ["hours": 30, "task": "T-1"]),
      task("inspected", 11, ["hours": 16, "task": "T-1"]),
      task("shared", 30, ["percent": "97.2"]), task("referred", 21, .object([])),
    ] + (12...18).map { task("reported", $0, .object([])) }
  }
}
