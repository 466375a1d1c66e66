import Base
import Ingestion

func scan(_ text: String, as format: EventFormat = .single) throws -> EventBatch {
  try EventScanner.scan(Array(text.utf8), as: format)
}

extension EventBatch {
  /// One line an event: its attributes as the scanner understood them, those that are set.
  var lines: [String] {
    events.map { event in
      var parts = ["\(event.index)", "id=\(text(event.id))", "source=\(text(event.source))"]
      parts.append("type=\(text(event.type))")
      if let subject = event.subject { parts.append("subject=\(text(subject))") }
      if let time = event.time { parts.append("time=\(time)") }
      if let data = event.data { parts.append("data=\(text(data))") }
      if let attributes = event.attributes { parts.append("others=\(text(attributes))") }
      return parts.joined(separator: " ")
    }
  }

  /// One line a refused event: its place, and what is wrong with it.
  var refusalLines: [String] {
    refusals.map { "\($0.index) \($0.fault.code.rawValue) \($0.fault.pointer)" }
  }
}
