// A program of its own, built by Scripts/fuzz.sh outside the package: libFuzzer calls the function
// below with whatever bytes reach new code, and every property that does not hold ends it.

import Base
import Ingestion

/// The last byte says how the others are to be read: as one event or as a list of them.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzScanner(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  guard let last = input.last else { return 0 }
  let format: EventFormat = last & 1 == 1 ? .single : .batch
  let body = Array(input.dropLast())
  let first = Outcome(of: body, as: format)
  guard first == Outcome(of: body, as: format) else { fatalError("scanned twice, read twofold") }
  if case .read(let events, let refusals) = first {
    let places = (events.map(\.index) + refusals.map(\.index)).sorted()
    guard places == Array(0..<places.count) else { fatalError("an event was lost or invented") }
    if format == .batch { checkAlone(body, events.count, refusals.count) }
  }
  return 0
}

/// What a scan gave, with everything of its events that can be compared.
private enum Outcome: Equatable {
  case read([Reading], [Refusal])
  case refused(Fault)

  struct Reading: Equatable {
    let index: Int
    let texts: [[UInt8]?]
    let time: Instant?
  }

  struct Refusal: Equatable {
    let index: Int
    let fault: Fault
  }

  init(of body: [UInt8], as format: EventFormat) {
    do throws(Fault) {
      let batch = try EventScanner.scan(body, as: format)
      guard batch.bytes.starts(with: body) else { fatalError("the body is not kept") }
      self = .read(
        batch.events.map { Reading($0, in: batch) },
        batch.refusals.map { Refusal(index: $0.index, fault: $0.fault) })
    } catch {
      self = .refused(error)
    }
  }
}

extension Outcome.Reading {
  init(_ event: Event, in batch: EventBatch) {
    let ranges = [
      event.id, event.source, event.type, event.subject, event.data, event.attributes,
    ]
    index = event.index
    time = event.time
    texts = ranges.map { range in
      guard let range else { return nil }
      guard range.lowerBound >= 0, range.upperBound <= batch.bytes.count else {
        fatalError("a range lies outside the bytes")
      }
      return Array(batch.bytes[range])
    }
    for text in texts.prefix(3) {
      guard let text, (1...256).contains(text.count) else { fatalError("an identity is no text") }
    }
    for text in texts.prefix(4) {
      guard let text else { continue }
      guard String(validating: text, as: UTF8.self) != nil else { fatalError("not UTF-8") }
    }
    if let data = texts[4], (try? JSON(parsing: data)) == nil { fatalError("data is not JSON") }
    if let members = texts[5], (try? JSON(parsing: [0x7B] + members + [0x7D])) == nil {
      fatalError("the attributes are not members of an object")
    }
  }
}

/// What the scanner accepts is JSON to the tree parser too, and each event of a list reads the
/// same where it is posted alone.
private func checkAlone(_ body: [UInt8], _ eventCount: Int, _ refusalCount: Int) {
  guard let elements = (try? JSON(parsing: body))?.elements else {
    fatalError("the two readers of JSON do not agree")
  }
  var (accepted, refused) = (0, 0)
  for element in elements {
    if case .read(let events, _) = Outcome(of: element.bytes, as: .single), !events.isEmpty {
      accepted += 1
    } else {
      refused += 1
    }
  }
  guard (accepted, refused) == (eventCount, refusalCount) else {
    fatalError("events read otherwise alone than in a list")
  }
}
