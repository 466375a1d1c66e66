import Base
import Export
import HTTPTypes
import Hummingbird
import Metering
import Services

extension Handlers {
  /// A meter's value, as a whole or window by window, as JSON or as CSV.
  static func getUsage(_ call: APICall) throws -> Response {
    let request = try UsageRequest(call)
    let document = request.json(try call.services.usage.answer(request.question))
    return request.format == .csv ? .csv(UsageCSV.text(of: document)) : .json(document)
  }
}

extension UsageRequest {
  fileprivate func json(_ answer: UsageResult) -> JSON {
    let period = question.windows.period
    let members: [(String, JSON?)] = [
      ("meter", .text(question.meter)), ("value", .decimal(answer.all.whole.value)),
      ("valueDecimal", answer.all.whole.value.nearestDecimal.map(JSON.string)),
      ("unit", .string(answer.all.whole.unit.name)),
      ("events", .integer(answer.all.whole.usage.count)),
      ("start", .text(period.start)), ("end", .text(period.end)),
      ("zone", zone.map { .string($0.name) }), ("windows", windows(answer.all)),
      ("states", answer.all.whole.states?.json),
      ("register", answer.all.whole.register?.json),
      ("subjects", question.breakdown == .asset ? .array(answer.parts.map(subject)) : nil),
      ("groups", question.breakdown == .group ? .array(answer.parts.map(group)) : nil),
    ]
    return .object(members.compactMap { name, value in value.map { JSON.Member(name, $0) } })
  }

  private func subject(_ subject: UsageResult.Part) -> JSON {
    part(.init("subject", .string(subject.name)), subject.series)
  }

  /// The values of the group; null where the meter has no groups.
  private func group(_ group: UsageResult.Part) -> JSON {
    let values = try? JSON(parsing: Array(group.name.utf8))
    return part(.init("group", values ?? .null), group.series)
  }

  private func part(_ name: JSON.Member, _ series: UsageSeries) -> JSON {
    let members: [(String, JSON?)] = [
      (name.name, name.value), ("value", .decimal(series.whole.value)),
      ("valueDecimal", series.whole.value.nearestDecimal.map(JSON.string)),
      ("events", .integer(series.whole.usage.count)), ("states", series.whole.states?.json),
      ("register", series.whole.register?.json),
      ("windows", windows(series)),
    ]
    return .object(members.compactMap { name, value in value.map { JSON.Member(name, $0) } })
  }

  /// Nil where only the whole was asked for.
  private func windows(_ series: UsageSeries) -> JSON? {
    guard let zone else { return nil }
    return .array(
      zip(question.windows, series.windows).map { window, usage in
        .object([
          "start": .text(window.start), "end": .text(window.end),
          "local": .string(zone.clock(at: window.start)), "value": .decimal(usage.value),
          "valueDecimal": usage.value.nearestDecimal.map(JSON.string),
          "events": .integer(usage.usage.count), "states": usage.states?.json,
          "register": usage.register?.json,
        ])
      })
  }
}

extension RegisterReadings {
  /// How many readings fall without a reason and are ignored, and how many are estimates.
  fileprivate var json: JSON {
    ["ignored": .integer(ignored), "estimated": .integer(estimated)]
  }
}

extension StateTimes {
  /// Seconds in each kind of state, those of which anything was known, and at how many moments a
  /// source contradicted itself.
  fileprivate var json: JSON {
    func seconds(_ microseconds: Int128) -> JSON {
      .decimal((try? Ratio(microseconds, over: 1_000_000)).map(Quantity.fraction) ?? .missing)
    }
    let kinds = StateClass.Kind.allCases.filter { self[$0] > 0 }
    return [
      "seconds": .object(kinds.map { JSON.Member($0.rawValue, seconds(self[$0])) }),
      "known": seconds(known), "conflicts": .integer(conflicts),
    ]
  }
}
