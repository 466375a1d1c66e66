package import Base

/// The versions of one contract, and which of them holds when: on each day the newest one that had
/// taken effect. A later version thus says what holds from its day on, and leaves alone what was.
/// When the contract ends is what the newest one says, for all of them.
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

  /// At least one, ascending by number; each with the end of the newest.
  package private(set) var versions: [Version]
  /// What each of them said of the end itself.
  private(set) var ends: [CivilDate?]

  package init(_ first: Contract) {
    versions = [Version(number: 1, contract: first)]
    ends = [first.until]
  }

  package var newest: Contract { versions[versions.count - 1].contract }

  package mutating func append(_ contract: Contract) {
    append(Version(number: versions.count + 1, contract: contract))
  }

  private mutating func append(_ version: Version) {
    ends.append(version.contract.until)
    let until = version.contract.until
    versions = versions.map { Version(number: $0.number, contract: $0.contract.ending(until)) }
    versions.append(
      Version(number: version.number, contract: version.contract.following(newest)))
  }

  /// The same, with one version in force from the first day on; nil where there is none of that
  /// number.
  func holding(_ number: Int) -> ContractHistory? {
    guard let place = versions.firstIndex(where: { $0.number == number }) else { return nil }
    var held = self
    let contract = versions[place].contract.ending(ends[place]).fromTheFirstDay
    held.append(Version(number: number, contract: contract))
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
    where stretches[0].from < day && day < min(end, newest.until ?? end) {
      let version = inForce(on: day)!
      guard version.number != stretches[stretches.count - 1].version.number else { continue }
      stretches.append(Stretch(version: version, from: day))
    }
    return stretches
  }

  /// The first day on which another version would change what holds, its end aside; nil where it
  /// changes nothing else.
  func firstChange(by next: Contract) -> CivilDate? {
    let later = versions.map(\.contract.effective).filter { $0 > next.effective }
    return ([next.effective] + later.sorted()).first { day in
      inForce(on: day).map { !$0.contract.saysTheSame(as: next) } ?? true
    }
  }
}
