import Base
import Contracts
import Storage
import TestSupport

/// One history, billed by the product and by the model.
enum PeriodTrial {
  /// The first line in which both differ; nil where they agree.
  static func difference(_ history: PeriodHistory, _ zones: Zones) async -> String? {
    do {
      return try await billed(history, zones)
    } catch {
      return "stopped: \(error)"
    }
  }

  private static func billed(_ history: PeriodHistory, _ zones: Zones) async throws -> String? {
    var books = try PeriodBooks(history, zones)
    let periods = PeriodHistory.periods(of: history.terms)
    var finals: [JSON] = []
    func open(_ place: Int) -> Month? {
      guard periods.indices.contains(place), !books.closed.contains(periods[place]) else {
        return nil
      }
      return periods[place]
    }
    for act in history.acts {
      switch act {
      case .tell(let places): try await books.tell(places)
      case .retract(let place): try await books.retract(place)
      case .change: try books.change()
      case .run(let place):
        guard let period = open(place), let document = try books.run(period) else { continue }
        if let difference = try own(document, period, books.model) { return "draft \(difference)" }
      case .close(let place):
        guard let period = open(place), let document = try books.close(period) else { continue }
        finals.append(document)
        if let difference = try own(document, period, books.model) { return "final \(difference)" }
      case .credit(let place, let line, let permille):
        guard periods.indices.contains(place) else { continue }
        try books.credit(periods[place], line: line, permille: permille)
      case .dispute(let place, let line):
        guard periods.indices.contains(place) else { continue }
        try books.dispute(periods[place], line: line)
      case .resolve(let place, let line, let credited):
        guard periods.indices.contains(place) else { continue }
        try books.resolve(periods[place], line: line, credited: credited)
      }
      for period in periods {
        if let complaint = try books.complaint(about: period) { return complaint }
      }
    }
    try await books.tellRest()
    for period in periods where !books.closed.contains(period) {
      guard let document = try books.close(period) else { continue }
      finals.append(document)
      if let difference = try own(document, period, books.model) { return "last \(difference)" }
    }
    return settled(finals, periods, books)
  }

  /// What the clauses of a period come to on its document, clause by clause, and their taxes.
  private static func own(
    _ document: JSON, _ period: Month, _ model: NaiveModel
  ) throws -> String? {
    if let complaint = try InvoiceInvariants.complaints(about: document).first { return complaint }
    let billed = sums(document["lines"]?.elements ?? []) { line in
      line["corrects"] == nil && line["adjustment"] == nil ? name(line) : nil
    }
    let expected = model.lines(of: period)
    if let difference = difference(billed, sums(expected)) { return "\(period) \(difference)" }
    let hasOthers = (document["lines"]?.elements ?? []).contains { $0["corrects"] != nil }
    return hasOthers ? nil : taxes(document, period, model, expected)
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
        // Which of several lines was credited, and with what rests on it, the names do not say.
        guard let single = single(of, credited) else { continue }
        for (name, back) in single { expected[name] = max(expected[name] ?? 0, back) }
      }
      if let difference = difference(sums(of, name), expected) {
        return "settled \(period) \(difference)"
      }
    }
    return nil
  }

  /// What was credited by the names of lines; nil where a name stands for several lines, or a line
  /// is shared out.
  private static func single(_ lines: [JSON], _ credited: [String: Int]) -> [String: Int]? {
    let own = lines.filter { $0["corrects"] == nil }
    guard own.allSatisfy({ $0["stage"] == "usage" }),
      Set(own.compactMap(name)).count == own.count
    else { return nil }
    var sums: [String: Int] = [:]
    for line in own {
      guard let back = credited[line["key"]?.stringValue ?? ""] else { continue }
      sums[name(line) ?? ""] = back
    }
    return sums
  }

  private static func name(_ line: JSON) -> String? {
    let asset = line["asset"]?.stringValue.map { " of \($0)" } ?? ""
    return "\(line["clause"]?.stringValue ?? "")\(asset)"
  }

  private static func sums(_ lines: [JSON], _ name: (JSON) -> String?) -> [String: Int] {
    lines.reduce(into: [:]) { sums, line in
      if let name = name(line) { sums[name, default: 0] += cents(line["amount"]) }
    }
  }

  private static func sums(_ lines: [NaiveModel.Line]) -> [String: Int] {
    lines.reduce(into: [:]) { sums, line in
      let asset = line.asset.map { " of \($0)" } ?? ""
      sums["\(line.clause)\(asset)", default: 0] += line.amount
    }
  }

  private static func difference(_ billed: [String: Int], _ expected: [String: Int]) -> String? {
    Set(billed.keys).union(expected.keys).sorted().first { name in
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
