package import Base
package import Contracts
import GRDB
package import Metering

/// What a meter showed of a subject in a month and nobody is billed for.
package struct UnbilledUsage: Sendable {
  package let subject: String
  package let month: BillingMonth
  package let reason: UnpricedTime.Reason
  package let customer: CustomerKey?
  package let contract: ContractKey?
  package let usage: MeteredUsage
}

extension UsageDesk {
  /// In a calendar month in UTC: by meter, subject and reason, in this order.
  package func unbilled(
    _ month: BillingMonth, customer: CustomerKey? = nil
  ) throws -> [UnbilledUsage] {
    let state = catalogs.current
    try state.unreadable.check(customer: customer)
    let period = month.period(in: try zones.rules("UTC"))
    return try store.pool.read { db in
      let subjects = try UsageDesk.subjects(in: period, db)
      var unbilled: [UnbilledUsage] = []
      for meter in state.meters.meters {
        let buckets = try BucketsByWindow(meter, Windows(period), db)
        for subject in try UsageDesk.names(of: meter, subjects, db) {
          let unpriced = try state.catalog.unpricedTime(of: subject, meter.key, in: period) {
            try zones.rules($0.zone)
          }
          for time in unpriced where customer == nil || time.customer == customer {
            let groups = try buckets.usage(of: subject, in: time.periods, db)
            let usage = groups.values.joined().reduce(into: Usage()) { $0.add($1) }
            guard usage.count > 0 else { continue }
            unbilled.append(
              UnbilledUsage(
                subject: subject, month: month, reason: time.reason, customer: time.customer,
                contract: time.contract, usage: MeteredUsage(meter, usage)))
          }
        }
      }
      return unbilled
    }
  }

  /// Those subjects of a meter, sorted; what an event says of nobody has no number.
  private static func names(
    of meter: MeterDefinition, _ subjects: [Int64: Set<Int64>], _ db: Database
  ) throws -> [String] {
    var (texts, numbers) = (NameTexts(), Set<Int64>())
    for series in try MeterSeries.all(of: meter, db) {
      numbers.formUnion(subjects[series.number] ?? [])
    }
    return try numbers.filter { $0 > 0 }.map { try texts.text($0, db) }.sorted()
  }

  /// Those that any meter counted something of, by the number of its series.
  private static func subjects(
    in period: Period, _ db: Database
  ) throws -> [Int64: Set<Int64>] {
    var subjects: [Int64: Set<Int64>] = [:]
    try RawStatement(
      "SELECT DISTINCT meter, subject FROM bucket WHERE hour >= ? AND hour <= ?", db
    ).bind(period.hours.lowerBound, period.hours.upperBound).forEach { row in
      subjects[row.number(0), default: []].insert(row.number(1))
      return true
    }
    return subjects
  }
}
