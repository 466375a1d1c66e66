package import Base
import Contracts
import Metering
import Settlement
package import Workflow

/// A document that is to become the newest version under its key. Its faults are found below
/// `pointer`, the place it has in what was sent.
package struct ProposedObject: Sendable {
  package let kind: CatalogKind
  package let key: String
  package let document: JSON
  package let pointer: String

  package init(_ kind: CatalogKind, _ key: String, _ document: JSON, at pointer: String = "") {
    self.kind = kind
    self.key = key
    self.document = document
    self.pointer = pointer
  }
}

/// A catalog as one document: an object of sections, each with documents by their keys. What is
/// wrong with its shape does not keep anybody from looking at the rest.
package struct ProposedObjects: Sendable {
  package let list: [ProposedObject]
  package let faults: [Fault]

  init(_ proposal: ProposedObject) { (list, faults) = ([proposal], []) }

  package init(_ node: Node) {
    guard case .object(let sections) = node.json else {
      (list, faults) = ([], [node.fault("an object")])
      return
    }
    var list: [ProposedObject] = []
    var faults: [Fault] = []
    for section in sections {
      let place = Node(section.value, at: node.pointer + JSON.pointerStep(section.name))
      guard let kind = CatalogKind.allCases.first(where: { $0.section == section.name }) else {
        let names = CatalogKind.allCases.map(\.section).joined(separator: ", ")
        faults.append(
          Fault(
            .unknownField, "unknown field `\(section.name.prefix(40))`; expected one of \(names)",
            at: place.pointer))
        continue
      }
      guard case .object(let documents) = section.value else {
        faults.append(place.fault("an object, with the keys of its \(section.name)"))
        continue
      }
      list += documents.map { document in
        ProposedObject(
          kind, document.name, document.value,
          at: place.pointer + JSON.pointerStep(document.name))
      }
    }
    (self.list, self.faults) = (list, faults)
  }
}

/// What becomes of one proposal.
package struct CatalogChange: Sendable {
  package enum Effect: String, Sendable {
    case new, changed, unchanged
  }

  /// The version that stands then.
  package let entry: CatalogVersion
  /// What stood before; nil where nothing did.
  package let before: JSON?

  package var effect: Effect {
    before == nil ? .new : before == entry.document ? .unchanged : .changed
  }

  /// Where the document changes, place by place.
  package var differences: [JSONDifference] {
    before.map { JSONDifference.between($0, entry.document) } ?? []
  }
}

/// The catalog as proposals would make it. Everything that is wrong with them is found at once,
/// and held against the result: whether one refers to another that comes later does not matter.
struct CatalogCheck {
  private(set) var changes: [CatalogChange] = []
  private(set) var after: CatalogState

  private struct Name: Hashable {
    let kind: CatalogKind
    let key: String
  }

  private let before: CatalogState
  private let zones: any ZoneSource
  /// What is new, as far as it could be read.
  private var things: [(proposal: ProposedObject, thing: CatalogObject)] = []
  private var unreadable: Set<Name> = []
  private var mentions: [ReferenceCollector.Mention] = []
  private var faults: [Fault]
  /// Whether versions may take effect in months that are closed: nobody keeps them then.
  private let mayChangeFinal: Bool

  init(
    _ proposals: ProposedObjects, _ before: CatalogState, _ zones: any ZoneSource,
    mayChangeFinal: Bool = false,
    _ snapshot: any Snapshot
  ) throws {
    faults = proposals.faults
    self.mayChangeFinal = mayChangeFinal
    self.before = before
    self.zones = zones
    after = before
    for proposal in proposals.list { try take(proposal, snapshot) }
    faults += mentions.compactMap(dangling)
    for (proposal, thing) in things {
      faults += try faults(of: thing, snapshot).map { $0.nested(under: proposal.pointer) }
    }
    if !faults.isEmpty { throw Faults(faults) }
  }

  private mutating func take(_ proposal: ProposedObject, _ snapshot: any Snapshot) throws {
    let (kind, key) = (proposal.kind, proposal.key)
    let heard = ReferenceCollector()
    var thing: CatalogObject
    do throws(Faults) {
      let node = Node(proposal.document, at: proposal.pointer, mentions: heard)
      thing = try CatalogObject(kind, key, node)
    } catch {
      faults += error.list
      unreadable.insert(Name(kind: kind, key: key))
      mentions += heard.list
      return
    }
    thing = keepingItsDay(thing, proposal)
    let newest = try snapshot.catalog(.newest(kind, key)).first
    let document = thing.document.json
    if let newest, newest.document == document {
      changes.append(CatalogChange(entry: newest, before: document))
      return
    }
    let entry = CatalogVersion(
      kind: kind, key: key, version: (newest?.version ?? 0) + 1, document: document)
    changes.append(CatalogChange(entry: entry, before: newest?.document))
    things.append((proposal, thing))
    mentions += heard.list
    after.put(entry, thing)
  }

  /// A contract that says what it said before, but for its end, and not from which day on, says it
  /// from the same day.
  private func keepingItsDay(_ thing: CatalogObject, _ proposal: ProposedObject) -> CatalogObject {
    guard case .contract(let contract) = thing, proposal.document["effective"] == nil,
      let newest = before.catalog.contracts[contract.key], contract.saysTheSame(as: newest)
    else { return thing }
    return contract.taking(effect: newest.effective).map(CatalogObject.contract) ?? thing
  }

  /// What refers to something unreadable will be right once that is mended.
  private func dangling(_ mention: ReferenceCollector.Mention) -> Fault? {
    guard let kind = CatalogKind(mention.kind), after.version(kind, mention.key) == 0,
      !unreadable.contains(Name(kind: kind, key: mention.key))
    else { return nil }
    return Fault(
      .unknownReference, "there is no \(kind.noun) `\(mention.key)`", at: mention.pointer)
  }

  private func faults(of thing: CatalogObject, _ snapshot: any Snapshot) throws -> [Fault] {
    switch thing {
    case .contract(let contract): return try faults(of: contract, snapshot)
    case .asset(let asset):
      let isJudged = !asset.assignments.contains {
        unreadable.contains(Name(kind: .contract, key: $0.contract.text))
      }
      return isJudged ? after.catalog.slotFaults(of: asset) : []
    case .meter(let meter):
      let proposed = Set(contracts.map(\.key))
      return fit(snapshot).faults(
        of: meter, in: after.catalog.contracts.values.filter { !proposed.contains($0.key) })
    case .customer, .indexSeries, .tax, .calendar: return []
    }
  }

  private var contracts: [Contract] {
    things.compactMap { if case .contract(let contract) = $0.thing { contract } else { nil } }
  }

  private func fit(_ snapshot: any Snapshot) -> MeterFit {
    MeterFit(
      things.compactMap { if case .meter(let meter) = $0.thing { meter } else { nil } }, snapshot)
  }

  private func faults(of contract: Contract, _ snapshot: any Snapshot) throws -> [Fault] {
    let zone: ZoneRules
    do throws(Fault) {
      zone = try zones.rules(contract.zone)
    } catch {
      return [error.nested(under: "/zone")]
    }
    var faults = zoneFaults(contract)
    var closed: ContractHistory.Closed?
    if before.catalog.contracts[contract.key]?.from != contract.from {
      faults += [contract.startFault].compactMap(\.self)
    }
    if let history = before.catalog.histories[contract.key] {
      closed = try self.closed(history, zone, snapshot)
      faults += history.faults(of: contract, closed: closed)
    }
    faults += try fit(snapshot).faults(of: contract)
    if unreadable.isEmpty {
      faults += after.catalog.slotFaults(of: contract)
      faults += after.catalog.sharingFaults(of: contract, closed: closed?.end)
    }
    return faults
  }

  /// ZoneDatabase that clauses name and nobody knows.
  private func zoneFaults(_ contract: Contract) -> [Fault] {
    contract.clauses.enumerated().flatMap { place, clause in
      clause.zones.compactMap { name in
        do throws(Fault) {
          _ = try zones.rules(name)
          return nil
        } catch {
          return error.nested(under: "/clauses/\(place)/zone")
        }
      }
    }
  }

  /// What of a contract is closed for good; what was settled behind its end is no period of it.
  private func closed(
    _ history: ContractHistory, _ zone: ZoneRules, _ snapshot: any Snapshot
  ) throws -> ContractHistory.Closed? {
    let contract = history.newest
    guard !mayChangeFinal,
      let last = try snapshot.invoices(.finals(contract.key))
        .filter({ !contract.isOver(before: $0.month) })
        .max(by: { $0.periodEnd < $1.periodEnd })
    else { return nil }
    return ContractHistory.Closed(
      invoice: "\(last.number!) (`\(last.key)`)", end: zone.date(at: last.periodEnd))
  }
}
