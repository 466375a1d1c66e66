import Base
import Export
import HTTPTypes
import Hummingbird
import Metering
import Storage

extension Handlers {
  /// A meter's value, as a whole or window by window, as JSON or as CSV.
  static func getUsage(_ call: Call) throws -> Response {
    let request = try UsageRequest(call)
    let document = request.json(try call.services.usage.answer(request.question))
    return request.isCSV
      ? .bytes(UsageCSV.text(of: document).utf8, type: "text/csv; charset=utf-8")
      : .json(document)
  }
}

extension UsageRequest {
  fileprivate func json(_ answer: UsageAnswer) -> JSON {
    let period = question.windows.period
    let members: [(String, JSON?)] = [
      ("meter", .text(question.meter)), ("value", .decimal(answer.all.whole.value)),
      ("unit", .string(answer.all.whole.meter.unit.name)),
      ("events", .integer(answer.all.whole.usage.count)),
      ("start", .text(period.start)), ("end", .text(period.end)),
      ("zone", zone.map { .string($0.name) }), ("windows", windows(answer.all)),
      ("subjects", question.isBySubject ? .array(answer.subjects.map(subject)) : nil),
    ]
    return .object(members.compactMap { name, value in value.map { JSON.Member(name, $0) } })
  }

  private func subject(_ subject: String, _ series: UsageSeries) -> JSON {
    .object([
      "subject": .string(subject), "value": .decimal(series.whole.value),
      "events": .integer(series.whole.usage.count), "windows": windows(series),
    ])
  }

  /// Nil where only the whole was asked for.
  private func windows(_ series: UsageSeries) -> JSON? {
    guard let zone else { return nil }
    return .array(
      zip(question.windows, series.windows).map { window, usage in
        [
          "start": .text(window.start), "end": .text(window.end),
          "local": .string(zone.clock(at: window.start)), "value": .decimal(usage.value),
          "events": .integer(usage.usage.count),
        ]
      })
  }
}
