import Base
import Console

/// Operators, each with a contract of five clauses and engines of its own.
enum BenchOperators {
  private static let enginesAtOnce = 2000

  /// The engines are those of the fleet, from the first on.
  static func agree(
    _ contractCount: Int, enginesEach: Int, with client: APIClient
  ) async throws {
    for (key, document) in BenchFleet.meters {
      _ = try await client.put("/v1/meters/\(key)", document)
    }
    let atOnce = enginesAtOnce / enginesEach
    for first in stride(from: 0, to: contractCount, by: atOnce) {
      let numbers = first..<min(first + atOnce, contractCount)
      _ = try await client.post("/v1/catalog", catalog(of: numbers, enginesEach: enginesEach))
    }
  }

  private static func catalog(of operators: Range<Int>, enginesEach: Int) -> JSON {
    var sections: [String: [JSON.Member]] = [:]
    for number in operators {
      let (customer, contract) = ("operator-\(number)", "contract-\(number)")
      sections["customers", default: []].append(
        .init(customer, ["name": .string("Operator \(number)")]))
      sections["contracts", default: []].append(
        .init(contract, BenchContract.document(customer: customer)))
      for engine in number * enginesEach..<(number + 1) * enginesEach {
        sections["assets", default: []].append(
          .init(EventGenerator.subject(engine), BenchFleet.asset(under: contract)))
      }
    }
    return .object(sections.sorted { $0.key > $1.key }.map { JSON.Member($0, .object($1)) })
  }
}
