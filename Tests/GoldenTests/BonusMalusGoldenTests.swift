import Base
import Contracts
import Rating
import Testing

/// Domain rule G9, bonus and malus around a target, to the cent.
struct BonusMalusGoldenTests {
  static let clauses = """
    - {key: engines, kind: flatFee, amount: 135533.35}
    - {key: dispatch, kind: bonusMalus, meter: reliability, target: 98.0, deadband: 0.5,
       bonus: {slope: 1.2, percentMax: 3}, malus: {slope: 1.8, percentMax: 6}}
    """

  static func line(_ value: String?, _ clauses: String = clauses) throws -> RatedLine {
    var contract = try RatedContract(clauses, from: "2026-04")
    if let value { try contract.show("reliability", value, in: "2026-04") }
    return try contract.months(through: "2026-04")[0].lines[1]
  }

  @Test func theWorkedExample() throws {
    let values = ["99.2", "98.3", "97.126437", "93.0", "101.0", "98.5", "97.5"]
    let rows = try values.map { (value: String) in
      [value, try Self.line(value).amount.fixed.grouped]
    }
    #expect(
      columns([["reliability", "line"]] + rows) == """
          reliability       line
          99.2          1,138.48
          98.3              0.00
          97.126437      -911.34
          93.0         -8,132.00
          101.0         4,066.00
          98.5              0.00
          97.5              0.00
        """)
  }

  @Test func explainsItself() throws {
    let line = try Self.line("93.0")
    #expect(
      "\(lineText(line))\n\(line.derivation.sentence)" == """
        Bonus or malus: 93 units, -8,132.00 EUR
          -5        distance = x - target
                    x = 93, target = 98.0
          6         percent = min(slope * max(0, |distance| - deadband), most)
                    slope = 1.8, deadband = 0.5, most = 6
          -8132.00  amount = -round(percent / 100 * base)
                    percent = 6, base = 135533.35
        waterfall
          malus  -8,132.00
          line   -8,132.00
        93 units against a target of 98.0: the malus on 135,533.35 EUR is -8,132.00 EUR.
        """)
  }

  /// Days to turn an engine round: fewer are better.
  @Test func lowerMayBeBetter() throws {
    let clauses = Self.clauses.replacing("target: 98.0,", with: "target: 60, better: lower,")
    #expect(try Self.line("58", clauses).amount.description == "2439.60")
    #expect(try Self.line("62", clauses).amount.description == "-3659.40")
    #expect(try Self.line("60.5", clauses).amount.description == "0.00")
  }

  /// A side without a rate changes nothing, and what is not measured waits.
  @Test func whatIsLeftOut() throws {
    let clauses = Self.clauses.replacing("bonus: {slope: 1.2, percentMax: 3}, ", with: "")
    #expect(try Self.line("99.2", clauses).amount.description == "0.00")
    let waiting = try Self.line(nil)
    #expect(waiting.amount.description == "0.00")
    #expect(waiting.flags == [.notDeterminable])
  }
}
