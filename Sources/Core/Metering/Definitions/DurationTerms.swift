import Base

/// How long something went on: each event ends an interval at its own time, and says where it
/// began, or how long it was. Time falls into the hours it was spent in, the event into that of its
/// end.
package struct DurationTerms: Hashable, Sendable {
  package enum Origin: Hashable, Sendable {
    /// A date and time of RFC 3339.
    case start(DataPointer)
    /// A number in a unit of time.
    case length(DataPointer, MeasureUnit)
  }

  package static let longestSecondsMax = 31 * 86_400

  package let origin: Origin
  /// What is longer is not believed; and nobody need look further for what reaches into a window.
  package let longestSeconds: Int

  package init(_ origin: Origin, longestSeconds: Int = 86_400) {
    precondition((1...DurationTerms.longestSecondsMax).contains(longestSeconds))
    self.origin = origin
    self.longestSeconds = longestSeconds
  }

  /// When the interval began that ended then.
  func start(in data: UnsafeRawBufferPointer, end: Instant) throws(Fault) -> Instant {
    let (pointer, length): (DataPointer, Int128?) =
      switch origin {
      case .start(let pointer): (pointer, started(pointer, data, end))
      case .length(let pointer, let unit): (pointer, lasted(pointer, unit, data))
      }
    if let length, length < 0, case .length = origin {
      throw Fault(.negativeQuantity, "takes no negative length", at: "/data" + pointer.text)
    }
    guard let length, (0...Int128(longestSeconds) * 1_000_000).contains(length),
      let start = Instant(microsecondsSinceEpoch: end.microsecondsSinceEpoch - Int64(length))
    else {
      throw Fault(
        .unreadableValue, "takes an interval of at most \(longestSeconds) seconds",
        at: "/data" + pointer.text)
    }
    return start
  }

  private func started(
    _ pointer: DataPointer, _ data: UnsafeRawBufferPointer, _ end: Instant
  ) -> Int128? {
    guard let text = pointer.value(in: data), case .text(let bytes)? = Scalar(text),
      let start = bytes.withUnsafeBytes({ Instant(text: $0) })
    else { return nil }
    return Int128(end.microsecondsSinceEpoch) - Int128(start.microsecondsSinceEpoch)
  }

  private func lasted(
    _ pointer: DataPointer, _ unit: MeasureUnit, _ data: UnsafeRawBufferPointer
  ) -> Int128? {
    guard let units = pointer.value(in: data).flatMap(DecimalText.inData)?.units(places: 6),
      let perHour = unit.countPerHour
    else { return nil }
    let (product, overflow) = units.multipliedReportingOverflow(by: 3600 / perHour)
    return overflow ? nil : product
  }
}

extension DurationTerms {
  init?(_ fields: inout FieldReader) {
    let start = fields.optional("start", DataPointer.read)
    let length = fields.optional("length", DataPointer.read)
    let unit = fields.optional("lengthUnit", MeasureUnit.readTime)
    let longest = fields.optional("longestSeconds", Node.integer(in: 1...Self.longestSecondsMax))
    if (start == nil) == (length == nil) {
      fields.refuse("start", "an interval has either a `start` or a `length`")
    } else if start != nil, unit != nil {
      fields.refuse("lengthUnit", "a `start` has no unit")
    }
    guard
      let origin = start.map(Origin.start)
        ?? length.map({ Origin.length($0, unit ?? .second) })
    else { return nil }
    self.init(origin, longestSeconds: longest ?? 86_400)
  }

  var members: [JSON.Member] {
    let origin: [JSON.Member] =
      switch origin {
      case .start(let pointer): [.init("start", .string(pointer.text))]
      case .length(let pointer, let unit):
        [.init("length", .string(pointer.text)), .init("lengthUnit", .string(unit.name))]
      }
    return origin + [.init("longestSeconds", .integer(longestSeconds))]
  }
}
