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

  /// A meter, and whose events of it; nil for everything that serves the contract. A period where
  /// it is not the billing month.
  package struct Basis: Hashable, Sendable {
    package let meter: MeterKey
    package let assets: [AssetKey]?
    package let period: Period?

    package init(_ meter: MeterKey, assets: [AssetKey]? = nil, in period: Period? = nil) {
      self.meter = meter
      self.assets = assets
      self.period = period
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
  fileprivate var json: JSON {
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
  private var last: Evidence.Reference?

  /// `places` is the meter's number of decimal places.
  package init(meter: MeterKey, places: Int) {
    self.meter = meter
    self.places = places
  }

  package mutating func append(_ event: Evidence.Reference, units: Int64) {
    precondition(last.map { $0.precedes(event) } ?? true, "evidence comes in canonical order")
    var line: [UInt8] = [UInt8(ascii: "[")]
    line.reserveCapacity(128)
    JSON.append(event.source, to: &line)
    line.append(UInt8(ascii: ","))
    JSON.append(event.id, to: &line)
    line += ",\"".utf8
    event.occurred.append(to: &line)
    line += "\",\"".utf8
    line += Fixed(units: Int128(units), places: places).description.utf8
    line += "\"]\n".utf8
    hasher.update(line)
    count += 1
    first = first ?? event
    last = event
  }

  package func finish() -> Evidence {
    Evidence(meter: meter, count: count, first: first, last: last, digest: hasher.digest())
  }
}

extension Evidence.Reference {
  /// By time, then by the bytes of source and id.
  package func precedes(_ other: Evidence.Reference) -> Bool {
    if occurred != other.occurred { return occurred < other.occurred }
    // As bytes: Swift finds texts equal whose accents are written differently.
    if !source.utf8.elementsEqual(other.source.utf8) {
      return source.utf8.lexicographicallyPrecedes(other.source.utf8)
    }
    return id.utf8.lexicographicallyPrecedes(other.id.utf8)
  }
}
