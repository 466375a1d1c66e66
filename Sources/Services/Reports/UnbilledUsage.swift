package import Base
package import Contracts
package import Metering
import Workflow

/// What a meter showed of a subject in a month and nobody is billed for.
package struct UnbilledUsage: Sendable {
  package let subject: String
  package let month: BillingMonth
  package let reason: UnpricedTime.Reason
  package let customer: CustomerKey?
  package let contract: ContractKey?
  package let usage: MeteredUsage
}

extension UsageService {
  /// In a calendar month in UTC: by meter, subject and reason, in this order.
  package func unbilled(
    _ month: BillingMonth, customer: CustomerKey? = nil
  ) throws -> [UnbilledUsage] {
    let period = month.period(in: try zones.rules("UTC"))
    return try home.read { snapshot in
      let state = snapshot.agreements
      try state.unreadable.check(customer: customer)
      let subjects = try snapshot.subjects(of: state.meters.meters, in: period)
      var unbilled: [UnbilledUsage] = []
      for meter in state.meters.meters {
        for subject in subjects[meter.key] ?? [] {
          let unpriced = try state.catalog.unpricedTime(of: subject, meter.key, in: period) {
            try zones.rules($0.zone)
          }
          for time in unpriced where customer == nil || time.customer == customer {
            let query = UsageQuery(
              meter, Windows(period), of: time.periods.map { SubjectStretch(subject, $0) })
            let usage = try snapshot.usage([query])[0].all.whole
            guard usage.usage.count > 0 else { continue }
            unbilled.append(
              UnbilledUsage(
                subject: subject, month: month, reason: time.reason, customer: time.customer,
                contract: time.contract, usage: usage))
          }
        }
      }
      return unbilled
    }
  }
}
