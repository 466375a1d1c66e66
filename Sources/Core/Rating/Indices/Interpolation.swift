import Base
import Contracts

extension FactorTable {
  /// The factor at `x`, not yet rounded: linear between two points, flat beyond the ends.
  func factor(at x: Ratio) throws(Fault) -> Ratio {
    if try x <= points[0].at.ratio { return try points[0].factor.ratio }
    for (left, right) in zip(points, points.dropFirst()) where try x <= right.at.ratio {
      let (start, end) = (try left.at.ratio, try right.at.ratio)
      let (low, high) = (try left.factor.ratio, try right.factor.ratio)
      return try low + (x - start) / (end - start) * (high - low)
    }
    return try points[points.count - 1].factor.ratio
  }
}
