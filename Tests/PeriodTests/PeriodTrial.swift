import Base
import Contracts
import SQLite
import Services
import TestSupport
import TimeZones

/// One history, billed by the product and by the model.
enum PeriodTrial {
  /// The first line in which both differ; nil where they agree.
  static func difference(
    _ history: PeriodHistory, _ zones: ZoneDatabase, _ counts: TrialCounts? = nil
  ) async -> String? {
    do {
      return try await billed(history, zones, counts)
    } catch {
      return "stopped: \(error)"
    }
  }

  private static func billed(
    _ history: PeriodHistory, _ zones: ZoneDatabase, _ counts: TrialCounts?
  ) async throws -> String? {
    var (books, finals) = (try PeriodBooks(history, zones, counts), [JSON]())
    let periods = PeriodHistory.periods(of: history.terms)
    if let difference = try await played(history.acts, periods, &books, &finals) {
      return difference
    }
    try await books.tellRest()
    for period in periods where !books.closed.contains(period) {
      guard let document = try books.close(period) else { continue }
      finals.append(document)
      if let difference = try own(document, period, books) { return "last \(difference)" }
    }
    if books.model.until != nil {
      // What comes after the end is settled as well.
      for place in history.uses.indices.prefix(3) { try await books.retract(place) }
      if let rest = try books.settleRest() { finals.append(rest) }
    }
    return settled(finals, periods, books)
  }

  /// All documents of a history that were closed, in order, whatever the model says of them.
  static func documents(_ history: PeriodHistory, _ zones: ZoneDatabase) async throws -> [JSON] {
    var (books, finals) = (try PeriodBooks(history, zones), [JSON]())
    let periods = PeriodHistory.periods(of: history.terms)
    _ = try await played(history.acts, periods, &books, &finals)
    try await books.tellRest()
    for period in periods where !books.closed.contains(period) {
      if let document = try books.close(period) { finals.append(document) }
    }
    return finals
  }

  /// Does what the acts say, and adds the documents that are closed; the first difference.
  static func played(
    _ acts: [PeriodHistory.Act], _ periods: [Month], _ books: inout PeriodBooks,
    _ finals: inout [JSON]
  ) async throws -> String? {
    func open(_ place: Int) -> Month? {
      guard periods.indices.contains(place), !books.closed.contains(periods[place]) else {
        return nil
      }
      return periods[place]
    }
    for act in acts {
      switch act {
      case .tell(let places): try await books.tell(places)
      case .retract(let place): try await books.retract(place)
      case .change: try books.change()
      case .end(let permille): try books.end(permille: permille)
      case .runOn: try books.runOn()
      case .settle(let months):
        guard let (month, document) = try books.settle(months: months, before: periods.last!)
        else { continue }
        finals.append(document)
        if let difference = try own(document, month, books) { return "settled \(difference)" }
      case .run(let place):
        guard let period = open(place), let document = try books.run(period) else { continue }
        if let difference = try own(document, period, books) { return "draft \(difference)" }
      case .close(let place):
        guard let period = open(place), let document = try books.close(period) else { continue }
        finals.append(document)
        if let difference = try own(document, period, books) { return "final \(difference)" }
      case .credit(let place, let line, let permille):
        guard periods.indices.contains(place) else { continue }
        try books.credit(periods[place], line: line, permille: permille)
      case .dispute(let place, let line):
        guard periods.indices.contains(place) else { continue }
        try books.dispute(periods[place], line: line)
      case .resolve(let place, let line, let credited):
        guard periods.indices.contains(place) else { continue }
        try books.resolve(periods[place], line: line, credited: credited)
      case .takeBack(let place, let note):
        guard periods.indices.contains(place) else { continue }
        try books.takeBack(periods[place], note: note)
      case .giveAway(let place, let cents):
        guard let period = open(place) else { continue }
        try books.giveAway(period, cents: cents)
      case .keep(let place):
        guard let period = open(place) else { continue }
        try books.keep(period)
      }
      for period in periods {
        if let complaint = try books.complaint(about: period) { return complaint }
      }
    }
    return nil
  }

  /// What the clauses of a period come to on its document, clause by clause, and their taxes.
  private static func own(
    _ document: JSON, _ period: Month, _ books: PeriodBooks
  ) throws -> String? {
    if let complaint = try InvoiceInvariants.complaints(about: document).first { return complaint }
    if let complaint = belowNothing(document) { return "\(period) \(complaint)" }
    let billed = sums(document["lines"]?.elements ?? []) { line in
      line["corrects"] == nil && line["adjustment"] == nil ? name(line) : nil
    }
    let expected = books.model.lines(of: period)
    let knowsGrants = books.knowsGrants(in: period)
    let unknown = knowsGrants ? [] : books.creditClauses
    if let difference = difference(billed, sums(expected), but: unknown) {
      return "\(period) \(difference)"
    }
    let hasOthers = (document["lines"]?.elements ?? []).contains {
      $0["corrects"] != nil || $0["adjustment"] != nil
    }
    return hasOthers || !knowsGrants ? nil : taxes(document, period, books.model, expected)
  }

  /// No discount, bound or credit takes more of a charge than there is of it, and each is shared
  /// out whole. Goodwill may be more than there is.
  private static func belowNothing(_ document: JSON) -> String? {
    let lines = (document["lines"]?.elements ?? []).filter {
      $0["corrects"] == nil && $0["adjustment"] == nil
    }
    var left: [String: Int] = [:]
    for line in lines {
      let shares = (line["shares"]?.elements ?? []).filter { $0["month"] == nil }
      let key = line["key"]?.stringValue ?? ""
      let sum = shares.reduce(0) { $0 + cents($1["amount"]) }
      if !shares.isEmpty, sum != cents(line["amount"]) { return "\(key) is shared out as \(sum)" }
      if shares.isEmpty { left[key, default: 0] += cents(line["amount"]) }
      for share in shares {
        left[share["line"]?.stringValue ?? "", default: 0] += cents(share["amount"])
      }
    }
    for line in lines where cents(line["amount"]) >= 0 && line["shares"] == nil {
      let key = line["key"]?.stringValue ?? ""
      if let left = left[key], left < 0 { return "\(left) cents are left of \(key)" }
    }
    return nil
  }

  private static func taxes(
    _ document: JSON, _ period: Month, _ model: NaiveModel, _ lines: [NaiveModel.Line]
  ) -> String? {
    var billed: [String: Int] = [:]
    for tax in document["taxes"]?.elements ?? [] {
      billed["tax \(tax["key"]?.stringValue ?? "")", default: 0] += cents(tax["amount"])
    }
    let difference = difference(billed, model.taxes(on: lines))
    return difference.map { "\(period) \($0)" }
  }

  /// What all documents together come to, for each period. What a note took back of a line is not
  /// owed for it any more: it says that the line was billed too high by that.
  private static func settled(
    _ finals: [JSON], _ periods: [Month], _ books: PeriodBooks
  ) -> String? {
    let lines = finals.flatMap { document in
      (document["lines"]?.elements ?? []).map { line in (line, document["month"]) }
    }
    for period in periods {
      let of = lines.filter { line, month in
        (line["corrects"]?["month"] ?? month)?.stringValue == period.description
          && line["adjustment"] == nil
      }.map(\.0)
      var expected = sums(books.model.lines(of: period))
      if let credited = books.credited[period], credited.values.contains(where: { $0 != 0 }) {
        if let complaint = bounds(of, credited, books.model.lines(of: period)) {
          return "settled \(period) \(complaint)"
        }
        // Which of several lines was credited, and with what rests on it, the names do not say.
        guard isSingle(of) else { continue }
        for (name, back) in credited { expected[name] = max(expected[name] ?? 0, back) }
      }
      let unknown = books.knowsGrants(in: period) ? [] : books.creditClauses
      if let difference = difference(sums(of, name), expected, but: unknown) {
        return "settled \(period) \(difference)"
      }
    }
    return nil
  }

  /// What notes and corrections together leave of a period lies between nothing and what it comes
  /// to.
  private static func bounds(
    _ lines: [JSON], _ credited: [String: Int], _ expected: [NaiveModel.Line]
  ) -> String? {
    guard expected.allSatisfy({ $0.stage != .usage || $0.amount >= 0 }) else { return nil }
    let whole = expected.reduce(0) { $0 + $1.amount }
    let back = credited.values.reduce(0, +)
    let left = lines.reduce(0) { $0 + cents($1["amount"]) } - back
    return (0...max(whole, 0)).contains(left)
      ? nil : "of \(whole) cents \(left) are left, with \(back) credited"
  }

  /// Whether each name stands for one line, and none is shared out.
  private static func isSingle(_ lines: [JSON]) -> Bool {
    let keys = Dictionary(grouping: lines, by: name).values.map { lines in
      Set(lines.map { ($0["corrects"]?["line"] ?? $0["key"])?.stringValue ?? "" })
    }
    return keys.allSatisfy { $0.count == 1 }
      && lines.allSatisfy { ($0["corrects"]?["stage"] ?? $0["stage"]) == "usage" }
  }

  static func name(_ line: JSON) -> String? {
    let asset = line["asset"]?.stringValue.map { " of \($0)" } ?? ""
    return "\(line["clause"]?.stringValue ?? "")\(asset)"
  }

  static func sums(_ lines: [JSON], _ name: (JSON) -> String?) -> [String: Int] {
    lines.reduce(into: [:]) { sums, line in
      if let name = name(line) { sums[name, default: 0] += cents(line["amount"]) }
    }
  }

  static func sums(_ lines: [NaiveModel.Line]) -> [String: Int] {
    lines.reduce(into: [:]) { sums, line in
      let asset = line.asset.map { " of \($0)" } ?? ""
      sums["\(line.clause)\(asset)", default: 0] += line.amount
    }
  }

  private static func difference(
    _ billed: [String: Int], _ expected: [String: Int], but unknown: Set<String> = []
  ) -> String? {
    Set(billed.keys).union(expected.keys).subtracting(unknown).sorted().first { name in
      billed[name] ?? 0 != expected[name] ?? 0
    }.map { name in
      "\(name): billed \(billed[name].map(String.init) ?? "nothing"), "
        + "right is \(expected[name].map(String.init) ?? "nothing") cents"
    }
  }

  static func cents(_ json: JSON?) -> Int {
    guard let text = json?.stringValue, let fixed = try? Fixed(text) else { return 0 }
    return Int(fixed.units)
  }
}
