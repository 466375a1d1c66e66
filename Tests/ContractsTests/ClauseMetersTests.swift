import Base
import Contracts
import TestSupport
import Testing

/// What reads a contract's usage as a whole goes by what its clauses say they read.
struct ClauseMetersTests {
  @Test("Every clause says which meters it reads: all that its document names")
  func all() throws {
    var catalogs = RandomCatalog(seed: SeededRandom.runSeed)
    for _ in 0..<50 {
      let catalog = catalogs.next()
      guard case .object(let meters) = catalog["meters"],
        case .object(let contracts) = catalog["contracts"]
      else { continue }
      let known = Set(meters.map(\.name))
      for member in contracts {
        let contract = try Contract(Node(member.value), key: ContractKey(member.name))
        let documents = contract.json["clauses"]?.elements ?? []
        for (clause, document) in zip(contract.clauses, documents) {
          let named = Self.texts(document).intersection(known)
          #expect(Set(clause.meters.map(\.text)) == named, "\(document.text)")
        }
      }
    }
  }

  /// All text that stands anywhere in it.
  private static func texts(_ json: JSON) -> Set<String> {
    switch json {
    case .string(let text): [text]
    case .array(let elements): elements.reduce(into: []) { $0.formUnion(texts($1)) }
    case .object(let members): members.reduce(into: []) { $0.formUnion(texts($1.value)) }
    default: []
    }
  }
}
