package import Base

/// Which events a line rests on: how many, the first and the last, and a digest over all of them.
package struct Evidence: Hashable, Sendable {
  /// Names one event: who sent it, under which id, and when it happened.
  package struct Reference: Hashable, Sendable {
    package let source: String
    package let id: String
    package let occurred: Instant

    package init(source: String, id: String, occurred: Instant) {
      self.source = source
      self.id = id
      self.occurred = occurred
    }
  }

  /// A meter, and whose events of it; nil for everything that serves the contract.
  package struct Basis: Hashable, Sendable {
    package let meter: MeterKey
    package let assets: [AssetKey]?
    /// Where it is not the billing period.
    package let period: Period?
    /// The stretches of that time which count, rising; nil where all of it does.
    package let times: [Period]?
    /// The group, as a JSON array; nil for all of them.
    package let group: String?
    /// The events that count, in canonical order; nil where all of that time and group do.
    package let events: [Reference]?

    package init(
      _ meter: MeterKey, assets: [AssetKey]? = nil, in period: Period? = nil,
      times: [Period]? = nil, group: String? = nil, events: [Reference]? = nil
    ) {
      self.events = events
      self.meter = meter
      self.assets = assets
      self.period = period
      self.times = times
      self.group = group
    }
  }

  package let meter: MeterKey
  package let count: Int
  package let first: Reference?
  package let last: Reference?
  /// SHA-256 of the canonical event list (see `EvidenceBuilder`).
  package let digest: Digest

  package var json: JSON {
    .object([
      "meter": .text(meter), "events": .integer(count), "first": first?.json, "last": last?.json,
      "sha256": .string(digest.hex),
    ])
  }
}

extension Evidence.Reference {
  package var json: JSON {
    ["source": .string(source), "id": .string(id), "time": .text(occurred)]
  }
}

/// Digests the canonical event list: for each event, in the order of (time, source, id), the line
/// `[source, id, time, value]` in JSON and a line feed, where value is what the meter read.
package struct EvidenceBuilder {
  private let meter: MeterKey
  private let places: Int
  private var hasher = Digest.Hasher()
  private var count = 0
  private var first: Evidence.Reference?
  private var lastOccurred = Instant.earliest
  private var lastSource = ""
  /// As the lines have it, in quotation marks.
  private var lastSourceText: [UInt8] = []
  private var lastID: [UInt8] = []
  /// What is not digested yet: many lines at once take less than one after the other.
  private var lines = [UInt8](repeating: 0, count: linesBytes)
  private var used = 0
  private static let linesBytes = 768
  /// Of a line, without source and id.
  private static let restBytesMax = 12 + LineWriter.instantBytesMax + LineWriter.decimalBytesMax

  /// `places` is the meter's number of decimal places.
  package init(meter: MeterKey, places: Int) {
    self.meter = meter
    self.places = places
  }

  package mutating func append(_ event: Evidence.Reference, units: Int64) {
    var id = Array(event.id.utf8)
    append(source: event.source, id: &id, event.occurred, units: units)
  }

  /// The same of an event whose identifier is there as UTF-8. It is kept; in its place there are
  /// bytes to be written over.
  package mutating func append(
    source: String, id: inout [UInt8], _ occurred: Instant, units: Int64
  ) {
    precondition(
      count == 0 || lastOccurred < occurred
        || EventOrder.precedes((lastOccurred, lastSource), lastID, (occurred, source), id),
      "evidence comes in canonical order")
    if count == 0 || source != lastSource {
      lastSource = source
      lastSourceText.removeAll(keepingCapacity: true)
      JSON.append(source, to: &lastSourceText)
    }
    swap(&lastID, &id)
    lastOccurred = occurred
    if JSON.isPlain(lastID) {
      write(id: lastID, units)
    } else {
      var escaped: [UInt8] = []
      lastID.withUnsafeBufferPointer { JSON.append(utf8: $0, to: &escaped) }
      write(id: Array(escaped.dropFirst().dropLast()), units)
    }
    count += 1
    if count == 1 { first = last }
  }

  /// The line of the last event; its id as it stands between quotation marks.
  private mutating func write(id: [UInt8], _ units: Int64) {
    let bytesMax = lastSourceText.count + id.count + EvidenceBuilder.restBytesMax
    if used + bytesMax > lines.count { digest(makingRoomFor: bytesMax) }
    lines.withUnsafeMutableBufferPointer { lines in
      var line = LineWriter(lines.baseAddress! + used)
      line.put("[")
      line.put(lastSourceText)
      line.put(",")
      line.put("\"")
      line.put(id)
      line.put("\"")
      line.put(",")
      line.put("\"")
      line.put(lastOccurred)
      line.put("\"")
      line.put(",")
      line.put("\"")
      line.put(decimal: units, places: places)
      line.put("\"")
      line.put("]")
      line.put("\n")
      used = line.end - lines.baseAddress!
    }
  }

  private mutating func digest(makingRoomFor bytes: Int) {
    lines.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<used])) }
    used = 0
    if bytes > lines.count { lines = [UInt8](repeating: 0, count: bytes) }
  }

  package func finish() -> Evidence {
    var hasher = hasher
    lines.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<used])) }
    return Evidence(
      meter: meter, count: count, first: first, last: last, digest: hasher.digest())
  }

  private var last: Evidence.Reference? {
    guard count > 0 else { return nil }
    return Evidence.Reference(
      source: lastSource, id: String(decoding: lastID, as: UTF8.self), occurred: lastOccurred)
  }
}

extension Evidence.Reference {
  /// By time, then by the bytes of source and id.
  package func precedes(_ other: Evidence.Reference) -> Bool {
    EventOrder.precedes((occurred, source), id.utf8, (other.occurred, other.source), other.id.utf8)
  }
}

/// The canonical order of events: by time, then by the bytes of source and id.
package enum EventOrder {
  package static func precedes<ID: Sequence<UInt8>>(
    _ event: (occurred: Instant, source: String), _ id: ID,
    _ other: (occurred: Instant, source: String), _ otherID: ID
  ) -> Bool {
    if event.occurred != other.occurred { return event.occurred < other.occurred }
    // As bytes: Swift finds texts equal whose accents are written differently.
    if !event.source.utf8.elementsEqual(other.source.utf8) {
      return event.source.utf8.lexicographicallyPrecedes(other.source.utf8)
    }
    return id.lexicographicallyPrecedes(otherID)
  }
}
