import Base

/// Six hours that are packed together: as few a month as may be, while what is still open, and what
/// midnight cuts, is read hour by hour.
struct HourBlock: Hashable, Comparable {
  static let hourCount: Int64 = 6

  let number: Int64

  init(_ number: Int64) { self.number = number }
  init(holding hour: Int64) { number = floorDivide(hour, by: HourBlock.hourCount) }

  var hours: Range<Int64> {
    number * HourBlock.hourCount..<(number + 1) * HourBlock.hourCount
  }

  /// The shelf on which it lies, side by side with others, and its place there.
  var shelf: Int64 { floorDivide(number, by: PackedWeek.blockCount) }
  var place: Int64 { number - shelf * PackedWeek.blockCount }

  static func < (left: HourBlock, right: HourBlock) -> Bool { left.number < right.number }
}
