import Base
import Contracts
import Foundation
import SQLite
import Services
import Settlement
import TestSupport
import TimeZones
import Workflow

/// A workspace that is told a history and bills it, beside the model that is told the same.
struct PeriodBooks {
  private let history: PeriodHistory
  private var workspace: PeriodWorkspace
  /// What has been told so far.
  private(set) var model: NaiveModel
  private var told: Set<Int> = []
  private var retracted: Set<Int> = []
  private(set) var closed: Set<Month> = []
  /// What was closed, by its period.
  private(set) var finals: [Month: JSON] = [:]
  /// How many versions were told, or came too late to be.
  private var versionsPassed = 1
  /// The days behind what is closed, by the months that name it.
  private var closedEnds: [Month: Day] = [:]
  /// What credit notes took back of the lines of a period, wherever they were billed, by what they
  /// are for, in cents.
  private(set) var credited: [Month: [String: Int]] = [:]
  /// The numbers of what was given away, by period.
  private var given: [Month: [Int]] = [:]

  private let counts: TrialCounts?

  init(_ history: PeriodHistory, _ zones: ZoneDatabase, _ counts: TrialCounts? = nil) throws {
    self.history = history
    self.counts = counts
    workspace = try PeriodWorkspace(zones)
    model = NaiveModel(
      terms: history.terms, versions: [history.terms.versions[0]], uses: [], served: history.served,
      local: LocalTime(history.terms.zone))
    try agree()
  }

  // MARK: - What is told

  private mutating func agree() throws {
    try workspace.put(.customer, "acme", ["name": "Acme"])
    for (key, rate) in [("t20", "0.20"), ("t10", "0.10")] {
      try workspace.put(
        .tax, key,
        [
          "name": .string(key), "category": "S",
          "rates": [["from": "2020-01-01", "rate": .string(rate)]],
        ])
    }
    for (key, meter) in NaiveModel.meters.sorted(by: { $0.key < $1.key }) {
      try workspace.put(.meter, key, meter)
    }
    try workspace.put(.contract, "c", history.terms.document(history.terms.versions[0]))
    for (asset, days) in history.served.sorted(by: { $0.key < $1.key }) {
      let assignments = days.map { days -> JSON in
        [
          "contract": "c", "from": time(model.local.midnight(days.lowerBound)),
          "until": time(model.local.midnight(days.upperBound)),
        ]
      }
      try workspace.put(.asset, asset, ["assignments": .array(assignments)])
    }
  }

  private func time(_ seconds: Int) -> JSON {
    .text(Instant(clampingSeconds: Int64(seconds)))
  }

  private var next: AgreedTerms.Version? {
    let versions = history.terms.versions
    return versions.indices.contains(versionsPassed) ? versions[versionsPassed] : nil
  }

  /// The next version of the contract, if there is one; a contract that has ended before runs on.
  mutating func change() throws {
    guard let next else { return }
    versionsPassed += 1
    guard next.effective >= closedEnd else { return }
    if let until = model.until, until < next.effective { try runOn() }
    try workspace.put(.contract, "c", history.terms.document(next))
    model.versions.append(next)
  }

  /// Every version that takes effect before a day: once it is closed, none can.
  mutating func change(before day: Day) throws {
    while let next, next.effective < day { try change() }
  }

  // MARK: - The end

  /// The first day that is not closed: neither may the contract end before it, nor another version
  /// take effect. What is settled after the end closes nothing while that stands.
  private var closedEnd: Day {
    closedEnds.filter { month, _ in !isOver(before: month) }.map(\.value).max()
      ?? history.terms.from
  }

  /// Whether the contract ended before a month.
  private func isOver(before month: Month) -> Bool {
    model.until.map { $0 <= history.terms.firstDay(of: month) } ?? false
  }

  /// Lets the contract end after so much of the time of all periods, where that is still open.
  mutating func end(permille: Int) throws {
    let (from, last) = (history.terms.from, PeriodHistory.periods(of: history.terms).last!)
    let planned = history.terms.versions[0].until
    let end = min(planned ?? history.terms.nextDay(of: last), history.terms.nextDay(of: last))
    let day = from + max((end - from) * permille / 1000, 1)
    guard day >= closedEnd, day >= model.versions.last!.effective,
      planned.map({ day < $0 }) ?? true
    else { return }
    try agree(until: day)
  }

  /// The contract runs on as long as it was to.
  mutating func runOn() throws { try agree(until: history.terms.versions[0].until) }

  private mutating func agree(until day: Day?) throws {
    guard day != model.until else { return }
    let isEarlier = day.map { day in model.until.map { day < $0 } ?? true } ?? false
    counts?.add(isEarlier ? .ends : .extensions)
    let place = model.versions.count - 1
    model.versions[place].until = day
    try workspace.put(
      .contract, "c", history.terms.document(model.versions[place], isOfTheEnd: true))
  }

  /// Settles what is left after the end, in the first month that is open.
  mutating func settleRest() throws -> JSON? {
    guard let until = model.until else { return nil }
    var month = until.month
    while history.terms.firstDay(of: month) < until || closedEnds[month] != nil {
      month = month + 1
    }
    let document = try close(month)
    if document != nil { counts?.add(.settledAfterTheEnd) }
    return document
  }

  /// Settles a month after the end, if it has ended; its month and its document.
  mutating func settle(
    months: Int, before last: Month
  ) throws -> (month: Month, document: JSON)? {
    guard let until = model.until else { return nil }
    var month = until.month + months
    if history.terms.firstDay(of: month) < until { month = month + 1 }
    guard month < last, closedEnds[month] == nil else { return nil }
    guard let document = try close(month) else { return nil }
    counts?.add(.settledAfterTheEnd)
    return (month, document)
  }

  mutating func tell(_ places: [Int]) async throws {
    let uses = places.filter { !history.dropped.contains($0) }
    try await workspace.post(uses.map { event(history.uses[$0]) })
    told.formUnion(uses)
    recount()
  }

  mutating func retract(_ place: Int) async throws {
    guard told.contains(place), retracted.insert(place).inserted else { return }
    try await workspace.retract(history.uses[place].id)
    recount()
  }

  /// Everything that is still untold.
  mutating func tellRest() async throws {
    try runOn()
    while next != nil { try change() }
    try await tell(history.uses.indices.filter { !told.contains($0) })
  }

  private mutating func recount() {
    model.uses = history.uses.indices.filter { told.contains($0) && !retracted.contains($0) }
      .map { history.uses[$0] }
  }

  private func event(_ use: NaiveModel.Use) -> JSON {
    [
      "specversion": "1.0", "id": .string(use.id), "source": "//test", "type": .string(use.meter),
      "subject": .string(use.subject), "time": time(use.time),
      "data": .object(
        [
          .init("n", .string(Fixed(units: Int128(use.tenths), places: 1).description)),
          .init("state", .string(NaiveModel.state(use))),
        ] + (use.mark.map { [.init($0.rawValue, true)] } ?? [])),
    ]
  }

  // MARK: - What is billed

  /// Rates a period that is open; its document.
  mutating func run(_ period: Month) throws -> JSON? { try workspace.run(period)["c"] }

  /// What was earned in a calendar month and is not billed yet, in cents.
  func accrual(_ month: Month) throws -> Int { try workspace.accrual("c", month) }

  mutating func close(_ period: Month) throws -> JSON? {
    let next = history.terms.nextDay(of: period)
    try change(before: min(next, model.until ?? next))
    guard let final = try workspace.close(period)["c"] else { return nil }
    closed.insert(period)
    finals[period] = final
    let lines = final["lines"]?.elements ?? []
    counts?.add(.documents)
    counts?.add(.corrections, lines.count { $0["corrects"] != nil })
    counts?.add(.goodwill, lines.count { $0["adjustment"] != nil })
    closedEnds[period] =
      isOver(before: period)
      ? history.terms.firstDay(of: period + 1) : min(next, model.until ?? next)
    return final
  }

  // MARK: - What goes back

  /// One of the lines of a document.
  private func line(_ period: Month, _ place: Int) -> JSON? {
    let lines = finals[period]?["lines"]?.elements ?? []
    return lines.isEmpty ? nil : lines[place % lines.count]
  }

  mutating func credit(_ period: Month, line place: Int, permille: Int) throws {
    guard let line = line(period, place), let key = line["key"]?.stringValue else { return }
    let cents = PeriodTrial.cents(line["amount"]) * permille / 1000
    guard let note = try workspace.credit("c~\(period)", line: key, cents: cents) else { return }
    take(note, period)
  }

  /// Notes what was credited, or with `isBack` is owed again.
  private mutating func take(_ note: JSON, _ period: Month, isBack: Bool = false) {
    counts?.add(isBack ? .notesTakenBack : .notes)
    for line in note["lines"]?.elements ?? [] {
      let billed = finals[period]?["lines"]?.elements?.first { $0["key"] == line["key"] }
      guard let billed, billed["adjustment"] == nil, let name = PeriodTrial.name(billed) else {
        continue
      }
      let month = billed["corrects"]?["month"]?.stringValue.flatMap(Month.init) ?? period
      credited[month, default: [:]][name, default: 0] +=
        (isBack ? 1 : -1) * PeriodTrial.cents(line["amount"])
      for grant in line["grants"]?.elements ?? [] {
        let cents = PeriodTrial.cents(grant["bought"]) - PeriodTrial.cents(grant["drawn"])
        model.returned[month, default: [:]][billed["clause"]?.stringValue ?? "", default: [:]][
          grant["grant"]?.stringValue ?? "", default: 0] += (isBack ? -1 : 1) * cents
      }
    }
  }

  /// Whether the model knows what is left of grants in a period: not where credit went back to them
  /// with lines that come to something else by now.
  func knowsGrants(in period: Month) -> Bool {
    model.returned.keys.filter { $0 < period }.allSatisfy { month in
      let own = (finals[month]?["lines"]?.elements ?? []).filter {
        $0["corrects"] == nil && $0["adjustment"] == nil
      }
      return PeriodTrial.sums(own, PeriodTrial.name) == PeriodTrial.sums(model.lines(of: month))
    }
  }

  /// The clauses by which credit is drawn.
  var creditClauses: Set<String> {
    Set(
      history.terms.versions.flatMap(\.clauses).filter {
        if case .credit = $0.kind { true } else { false }
      }.map(\.key))
  }

  mutating func takeBack(_ period: Month, note place: Int) throws {
    guard closed.contains(period) else { return }
    let notes = try workspace.notes("c~\(period)").filter { $0.reversal == nil }
    guard !notes.isEmpty else { return }
    let note = notes[place % notes.count]
    if try workspace.takeBack(note) { take(try note.json, period, isBack: true) }
  }

  /// Takes an amount off a period that is open, whatever it comes to.
  mutating func giveAway(_ period: Month, cents: Int) throws {
    guard let number = try workspace.giveAway("c", period, cents: cents) else { return }
    given[period, default: []].append(number)
  }

  /// Takes the last of that back.
  mutating func keep(_ period: Month) throws {
    guard let number = given[period]?.popLast() else { return }
    try workspace.keep(number)
  }

  mutating func dispute(_ period: Month, line place: Int) throws {
    guard let key = line(period, place)?["key"]?.stringValue else { return }
    try workspace.dispute("c~\(period)", line: key)
  }

  mutating func resolve(_ period: Month, line place: Int, credited isCredited: Bool) throws {
    guard let key = line(period, place)?["key"]?.stringValue else { return }
    let name = "c~\(period)"
    let before = try workspace.notes(name).count
    guard try workspace.resolve(name, line: key, credited: isCredited) else { return }
    counts?.add(.disputes)
    guard isCredited else { return }
    for note in try workspace.notes(name).dropFirst(before) { take(try note.json, period) }
  }

  /// What is wrong with what a period gave back: no more than it was owed, and never less than
  /// nothing.
  func complaint(about period: Month) throws -> String? {
    guard closed.contains(period) else { return nil }
    let (total, credited, disputed) = try workspace.account("c~\(period)")
    if credited < 0 { return "\(period): credit notes charge \(-credited) cents" }
    let charged = total + takenBack(in: period)
    guard charged >= 0 else { return nil }
    if credited > charged { return "\(period): \(credited) of \(charged) cents were given back" }
    if disputed < 0 || disputed > charged - credited {
      return "\(period): \(disputed) of \(charged - credited) open cents are in dispute"
    }
    return nil
  }

  /// What earlier periods give back on the document of a period, with its tax: it lowers the total,
  /// and not what may be credited of the other lines. A tax on a part of a base may be a cent more
  /// than its part of the tax on the whole, rate by rate.
  private func takenBack(in period: Month) -> Int {
    let back = (finals[period]?["lines"]?.elements ?? []).filter {
      $0["corrects"] != nil && PeriodTrial.cents($0["amount"]) < 0
    }
    guard !back.isEmpty else { return 0 }
    let net = back.reduce(0) { $0 - PeriodTrial.cents($1["amount"]) }
    let rates = Dictionary(grouping: back) { $0["tax"]?["rate"]?.stringValue ?? "0" }
    return net
      + rates.reduce(0) { sum, rate in
        let cents = rate.value.reduce(0) { $0 - PeriodTrial.cents($1["amount"]) }
        let tax = (try? Fixed(rate.key)) ?? Fixed(units: 0, places: 0)
        let whole = (0..<tax.places).reduce(1) { ten, _ in ten * 10 }
        return sum + (cents * Int(tax.units) + whole - 1) / whole + 1
      }
  }
}
