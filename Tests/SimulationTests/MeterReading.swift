import Base
import Metering

/// What a meter came to, in the words of the model, whoever says it.
struct MeterReading: Equatable {
  private var answer: MeterModel.Answer?
  private var states: MeterModel.States?
  private var groups: [String: Int128] = [:]

  init(_ model: MeterModel, _ meter: String) {
    guard meter != "states" else {
      states = model.states()
      return
    }
    answer = MeterReading.reduced(model.answer(meter))
    if meter == "grouped" { groups = model.groups().mapValues { Int128($0) } }
  }

  init(_ metered: MeteredUsage, _ groups: [String: Usage]) throws {
    if let found = metered.states {
      var states = MeterModel.States()
      for (meaning, time) in found.microseconds {
        states.microseconds[meaning.kind.rawValue, default: 0] += Int(time)
      }
      states.conflicts = Int(found.conflicts)
      self.states = states
      return
    }
    if case .missing = metered.value {
      answer = .missing
    } else {
      let ratio = try metered.value.ratio
      answer = .number(ratio.numerator, over: ratio.denominator)
    }
    if !metered.meter.groupBy.isEmpty { self.groups = groups.mapValues(\.units) }
  }

  /// In lowest terms, by trying.
  private static func reduced(_ answer: MeterModel.Answer) -> MeterModel.Answer {
    guard case .number(var number, var divisor) = answer else { return answer }
    guard number != 0 else { return .number(0, over: 1) }
    var (left, right) = (abs(number), divisor)
    while right != 0 { (left, right) = (right, left % right) }
    number /= left
    divisor /= left
    return .number(number, over: divisor)
  }
}

extension MeteredUsage {
  func adding(_ other: MeteredUsage) -> MeteredUsage {
    MeteredUsage(meter, usage.adding(other.usage))
  }
}
