import Base
import Valuation

/// The worked example of the policy `vcs-1` as texts a finance person can read.
enum WorkedExample {
  /// One row a dimension, one column a customer. `10@12d` is 10 points 12 days ago, `18of20` is 18
  /// satisfied of 20 answers, `none` is a connected channel without events, `-` is not observed.
  static let inputs = """
           Aerolink                      BlueFreight  Cityline
    C1     0.94                          0.99         0.68
    C2     0.9888                        0.996        0.958
    C3     0.88                          0.97         0.55
    C4     18of20                        27of28       -
    C5     0.86                          0.95         0.58
    P1     0.97                          0.62         1.02
    P2     10@12d+10@75d+10@200d+20@30d  none         10@20d
    P3     25@150d+5@20d                 5@300d       30@60d
    P4     15@45d+5@100d                 -            5@10d
    P5     0.91                          0.45         0.80
    """

  static let customers = words(inputs.split(separator: "\n")[0])

  static func observations(of customer: String) throws -> [Dimension: Observation] {
    let column = customers.firstIndex(of: customer)! + 1
    var observations: [Dimension: Observation] = [:]
    for row in inputs.split(separator: "\n").dropFirst() {
      let cells = words(row)
      let dimension = Dimension(rawValue: cells[0])!
      observations[dimension] = try observation(cells[column], of: dimension)
    }
    return observations
  }

  static func score(of customer: String, lambda: String = "0.5") throws -> Score {
    try Score.of(observations(of: customer), lambda: Fixed(lambda).ratio)
  }

  static func scores(lambda: String = "0.5") throws -> [CustomerKey: Score] {
    var scores: [CustomerKey: Score] = [:]
    for customer in customers {
      scores[try CustomerKey(customer)] = try score(of: customer, lambda: lambda)
    }
    return scores
  }

  private static func observation(
    _ cell: String, of dimension: Dimension
  ) throws -> Observation? {
    guard cell != "-" else { return nil }
    if let decay = dimension.decay {
      let list = cell == "none" ? [] : cell.split(separator: "+").map(agedPoints)
      return Observation(try decay.points(list), evidenceCount: list.count)
    }
    if cell.contains("of") {
      let counts = cell.split(whereSeparator: { !$0.isNumber }).map { Int($0)! }
      return try Observation.experience(satisfied: counts[0], answers: counts[1])
    }
    return Observation(try Fixed(cell).ratio, evidenceCount: dimension.evidenceCountEnough)
  }

  private static func agedPoints(_ text: Substring) -> AgedPoints {
    let numbers = text.split(whereSeparator: { !$0.isNumber }).map { Int($0)! }
    return AgedPoints(numbers[0], ageDays: numbers[1])
  }

  private static func words(_ line: Substring) -> [String] {
    line.split(separator: " ").map(String.init)
  }
}

/// Scores as a table: one row a line of the breakdown, one column a customer.
func table(of scores: [(name: String, score: Score)]) -> String {
  var rows = [("", scores.map(\.name))]
  let lines =
    Dimension.allCases.map(Score.Line.dimension) + [.balance, .gate]
  for line in lines {
    let cells = scores.map { $0.score.composite?.contribution(of: line)?.description ?? "-" }
    if line != .gate || cells.contains(where: { $0 != "-" }) { rows.append((line.id, cells)) }
  }
  let figures: [(String, (Score.Composite) -> String)] = [
    ("VCS", { "\($0.points)" }), ("C", { "\($0.customer)" }), ("P", { "\($0.provider)" }),
    ("quadrant", { $0.quadrant.rawValue }),
  ]
  for (name, figure) in figures {
    rows.append((name, scores.map { $0.score.composite.map(figure) ?? "-" }))
  }
  return rows.map { name, cells in
    (name + spaces(10 - name.count)) + cells.map { spaces(16 - $0.count) + $0 }.joined()
  }.joined(separator: "\n")
}

private func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
