package import Base

/// What holds of every invoice, whatever was agreed and used. Source: domain, section 6.
package enum InvoiceInvariants {
  /// What of a document does not hold.
  package static func complaints(about document: JSON) throws -> [String] {
    let lines = document["lines"]?.elements ?? []
    var complaints = try lines.flatMap(complaints(aboutLine:))
    let sum = try lines.reduce(Ratio.zero) { try $0 + amount($1["amount"]) }
    if try sum != amount(document["net"]) { complaints.append("the net is not the sum") }
    if try sum + amount(document["tax"]) != amount(document["total"]) {
      complaints.append("the total is not net and tax")
    }
    if Set(lines.compactMap { $0["key"]?.stringValue }).count < lines.count {
      complaints.append("two lines have one key")
    }
    return complaints
  }

  private static func complaints(aboutLine line: JSON) throws -> [String] {
    let name = line["key"]?.stringValue ?? "a line without a key"
    var complaints: [String] = []
    let bars = line["waterfall"]?.elements ?? []
    let sum = try bars.reduce(Ratio.zero) { try $0 + amount($1["amount"]) }
    if try sum != amount(line["amount"]) { complaints.append("\(name): the waterfall") }
    let steps = line["derivation"]?["steps"]?.elements ?? []
    // A line that moves no money, such as a scorecard, may end with what it found.
    if steps.last?["rounded"] != line["amount"],
      try steps.isEmpty || amount(line["amount"]) != .zero
    {
      complaints.append("\(name): the last step is not the amount")
    }
    if (line["derivation"]?["sentence"]?.stringValue ?? "").isEmpty {
      complaints.append("\(name): no sentence")
    }
    return complaints
  }

  private static func amount(_ json: JSON?) throws -> Ratio {
    try Fixed(json?.stringValue ?? "").ratio
  }
}
