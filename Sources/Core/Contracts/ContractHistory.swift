package import Base

/// The versions of one contract, and which of them holds when: on each day the newest one that had
/// taken effect. A later version thus says what holds from its day on, and leaves alone what was.
package struct ContractHistory: Sendable {
  package struct Version: Hashable, Sendable {
    package let number: Int
    package let contract: Contract
  }

  /// A version, and the day from which it holds within a month.
  package struct Stretch: Hashable, Sendable {
    package let version: Version
    package let from: CivilDate

    package var contract: Contract { version.contract }

    package init(version: Version, from: CivilDate) {
      self.version = version
      self.from = from
    }
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

  /// Those of all clauses that took effect before a day.
  package func meters(before day: CivilDate) -> Set<MeterKey> {
    Set(versions.map(\.contract).filter { $0.effective < day }.flatMap(\.clauses).flatMap(\.meters))
  }

  /// The versions a billing period is rated by, each with the day from which it holds: the one in
  /// force at its start or, in the period in which the contract starts, on that day; and those that
  /// take over within it. None before the first version has taken effect.
  package func inForce(in month: BillingMonth) -> [Stretch] {
    let billing = newest.billing
    let (start, end) = (
      billing.firstDay(of: month), billing.firstDay(of: billing.next(after: month))
    )
    guard
      let first = versions.last(where: {
        $0.contract.effective <= max(start, $0.contract.from)
      })
    else { return [] }
    var stretches = [Stretch(version: first, from: max(start, first.contract.from))]
    for day in Set(versions.map(\.contract.effective)).sorted()
    where stretches[0].from < day && day < end {
      let version = inForce(on: day)!
      guard version.number != stretches[stretches.count - 1].version.number else { continue }
      stretches.append(Stretch(version: version, from: day))
    }
    return stretches
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
      ("/billing", before.contract.billing == next.billing),
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
