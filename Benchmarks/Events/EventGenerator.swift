import Base

/// The events of the benchmark, written one behind the other into bytes that are there already.
///
/// An event is a function of its number: the same numbers give the same events again, which is how
/// retries are made, and all else about it (id, asset, time, value) has a fixed width. So an event
/// costs a few stores, and the generator leaves the machine to the server it shares it with.
/// `Benchmarks/baseline.c` makes the same events.
struct EventGenerator {
  static let gatewayCount = 20
  static let type = "engine.run"

  /// Every event has this width; the digits are written over.
  static let template = Array(
    """
    {"specversion":"1.0","id":"00000000-0000-4000-8000-000000000000","source":"//gateway-00",\
    "type":"\(type)","subject":"engine-0000","time":"2024-01-01T00:00:00Z",\
    "data":{"seconds":0000,"cycles":1}}
    """.utf8)

  /// It starts again after 600 days, so that no event ever lies in the future.
  private static let secondsMax = 600 * 86_400

  /// Where each field begins in the template.
  private static let id = place(of: "00000000-")
  private static let gateway = place(of: "//gateway-") + 10
  private static let subject = place(of: "engine-0000") + 7
  private static let time = place(of: "2024-01-01T")
  private static let seconds = place(of: "0000,\"cycles\"")

  private let numbers: Range<Int>
  private(set) var number: Int
  private let fleet: EventFleet
  private var day: DayText
  private var dayBefore: DayText
  // Copies of the constants above: a static is looked up behind a lock each time.
  private let places = (id: id, gateway: gateway, subject: subject, time: time, seconds: seconds)

  /// The events of these numbers, over and over.
  init(_ fleet: EventFleet = .thousand, _ numbers: Range<Int> = 0..<Int.max) {
    self.fleet = fleet
    self.numbers = numbers
    number = numbers.lowerBound
    day = DayText(0, of: fleet)
    dayBefore = DayText(-1, of: fleet)
  }

  /// The name of an engine by its number.
  static func subject(_ number: Int) -> String { "engine-\(String(10_000 + number).dropFirst())" }

  /// Writes the next event over a copy of the template.
  mutating func write(over event: UnsafeMutableRawPointer) {
    if number == numbers.upperBound { number = numbers.lowerBound }
    let (first, second, third) = (random(0), random(1), random(2))
    writeID(event + places.id, first, second)
    let subject = (Int(third & 0xFFFF_FFFF) * fleet.subjectCount) >> 32
    store(twoDigits(subject % Self.gatewayCount), event + places.gateway)
    store(twoDigits(subject / 100), event + places.subject)
    store(twoDigits(subject % 100), event + places.subject + 2)
    // Gateways send what they gathered: an event is up to 255 seconds older than the newest.
    writeTime(event + places.time, secondsBack: Int(third >> 32 & 0xFF))
    let seconds = 1000 + Int(third >> 40 & 0xFFF)
    store(twoDigits(seconds / 100), event + places.seconds)
    store(twoDigits(seconds % 100), event + places.seconds + 2)
    number += 1
  }

  private func writeID(_ id: UnsafeMutableRawPointer, _ first: UInt64, _ second: UInt64) {
    let versioned = first & ~0xF000 | 0x4000
    let variant = second & ~(0xC0 << 56) | 0x80 << 56
    let (left, right) = (hexDigits(versioned), hexDigits(variant))
    store(hexDigits(versioned >> 32), id)
    store(UInt32(truncatingIfNeeded: left), id + 9)
    store(UInt32(truncatingIfNeeded: left >> 32), id + 14)
    let middle = hexDigits(variant >> 32)
    store(UInt32(truncatingIfNeeded: middle), id + 19)
    store(UInt32(truncatingIfNeeded: middle >> 32), id + 24)
    store(right, id + 28)
  }

  private mutating func writeTime(_ time: UnsafeMutableRawPointer, secondsBack: Int) {
    let now = number * fleet.secondsPerTenThousand / 10_000 % Self.secondsMax
    if now / 86_400 != day.number {
      day = DayText(now / 86_400, of: fleet)
      dayBefore = DayText(now / 86_400 - 1, of: fleet)
    }
    var ofDay = now % 86_400 - secondsBack
    let text = ofDay < 0 ? dayBefore : day
    if ofDay < 0 { ofDay += 86_400 }
    store(text.start, time)
    store(text.end, time + 8)
    store(twoDigits(ofDay / 3600), time + 11)
    store(twoDigits(ofDay / 60 % 60), time + 14)
    store(twoDigits(ofDay % 60), time + 17)
  }

  /// SplitMix64 at a place of its sequence.
  private func random(_ draw: Int) -> UInt64 {
    var mixed = UInt64(truncatingIfNeeded: number * 3 + draw + 1) &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  private static func place(of text: String) -> Int {
    template.firstRange(of: Array(text.utf8))!.lowerBound
  }

  /// A date of the stretch, by its number, ready to be stored.
  private struct DayText {
    let number: Int
    let start: UInt64
    let end: UInt16

    init(_ number: Int, of fleet: EventFleet) {
      self.number = number
      let text = Array("\(CivilDate(daysSinceEpoch: fleet.start / 86_400 + number))".utf8)
      (start, end) = text.withUnsafeBytes {
        ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt16.self))
      }
    }
  }
}

/// The digits of a number below 100, in the order of memory.
private func twoDigits(_ number: Int) -> UInt16 {
  UInt16(truncatingIfNeeded: 0x3030 + number / 10 + ((number % 10) << 8))
}

/// The eight hexadecimal digits of the lower half, in the order of memory: every step works on all
/// digits at once.
private func hexDigits(_ number: UInt64) -> UInt64 {
  var digits = UInt64(UInt32(truncatingIfNeeded: number).byteSwapped)
  digits = (digits | digits << 16) & 0x0000_FFFF_0000_FFFF
  digits = (digits | digits << 8) & 0x00FF_00FF_00FF_00FF
  digits = digits >> 4 & 0x000F_000F_000F_000F | (digits & 0x000F_000F_000F_000F) << 8
  let letters = (digits &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
  return digits &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
}

private func store<Bytes: FixedWidthInteger & BitwiseCopyable>(
  _ bytes: Bytes, _ place: UnsafeMutableRawPointer
) {
  place.storeBytes(of: bytes.littleEndian, as: Bytes.self)
}
