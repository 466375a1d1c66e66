package import Base

/// The versions of one contract, and which of them holds when: on each day the newest one that had
/// taken effect. A later version thus says what holds from its day on, and leaves alone what was.
package struct ContractHistory: Sendable {
  package struct Version: Sendable {
    package let number: Int
    package let contract: Contract
  }

  /// At least one, ascending by number.
  package private(set) var versions: [Version]

  package init(_ first: Contract) { versions = [Version(number: 1, contract: first)] }

  package var newest: Contract { versions[versions.count - 1].contract }

  package mutating func append(_ contract: Contract) {
    versions.append(Version(number: versions.count + 1, contract: contract))
  }

  /// The same, with one version in force from the first day on; nil where there is none of that
  /// number.
  func holding(_ number: Int) -> ContractHistory? {
    guard let version = versions.first(where: { $0.number == number }) else { return nil }
    var held = self
    held.versions.append(Version(number: number, contract: version.contract.fromTheFirstDay))
    return held
  }

  package func inForce(on day: CivilDate) -> Version? {
    versions.last { $0.contract.effective <= day }
  }

  /// The version a month is rated by: the one in force at the start of the period, which is the
  /// first day of the month or, in the month in which the contract starts, that day.
  package func inForce(in month: BillingMonth) -> Version? {
    versions.last { $0.contract.effective <= max(month.firstDay, $0.contract.from) }
  }

  /// What a new version may not change while an older one holds for the time before: two calendars
  /// would leave hours between them, or count them twice.
  package func faults(of next: Contract) -> [Fault] {
    guard next.effective > next.from,
      let before = inForce(on: CivilDate(daysSinceEpoch: next.effective.daysSinceEpoch - 1))
    else { return [] }
    let kept: [(pointer: String, isKept: Bool)] = [
      ("/customer", before.contract.customer == next.customer),
      ("/currency", before.contract.currency == next.currency),
      ("/zone", before.contract.zone == next.zone),
      ("/from", before.contract.from == next.from),
    ]
    return kept.filter { !$0.isKept }.map {
      Fault(
        .invalidValue,
        """
        version \(before.number) holds until \(next.effective) and has another one; \
        end this contract and agree on a new one
        """, at: $0.pointer)
    }
  }
}
