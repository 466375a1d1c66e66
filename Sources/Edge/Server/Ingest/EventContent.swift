import Base
import HTTPTypes
import Ingestion
import Services
import Workflow

/// How the events of a request are written, as its headers say.
enum EventContent {
  /// One JSON document. Nil for plain JSON, where the body itself shows whether it is one event or
  /// a list.
  case document(EventFormat?)
  /// The attributes are headers, the body is the data.
  case binary(BinaryEvent)
  /// A line each, as many as there are.
  case lines(any LineFormat)

  init(_ fields: HTTPFields, _ zones: any ZoneSource) throws(Fault) {
    let type = MediaTypeName(fields[.contentType])
    if let format = type.flatMap(EventFormat.init(_:)) {
      self = .document(format)
      return
    }
    let attributes = EventContent.attributes(fields)
    switch type {
    case _ where !attributes.isEmpty:
      self = .binary(try EventContent.binary(attributes, type, fields))
    case "application/json", nil: self = .document(nil)
    case let type? where EventContent.lineTypes.contains(type): self = .lines(JSONLines())
    case "text/csv":
      let mapping = try EventContent.mapping(fields)
      self = .lines(CSVLines(mapping, zone: try EventContent.zone(of: mapping, zones)))
    default: throw EventContent.unsupported
    }
  }

  private static let lineTypes: [MediaTypeName] = [
    "application/x-ndjson", "application/ndjson", "application/cloudevents+ndjson",
    "application/jsonl", "application/x-jsonlines",
  ]

  /// The headers of binary mode, without their `ce-`.
  private static func attributes(_ fields: HTTPFields) -> [BinaryEvent.Header] {
    fields.compactMap { field in
      let name = field.name.canonicalName
      guard name.hasPrefix("ce-") else { return nil }
      return BinaryEvent.Header(name: String(name.dropFirst(3)), value: field.value)
    }
  }

  /// The data of an event is JSON; where there is none, its type does not matter.
  private static func binary(
    _ attributes: [BinaryEvent.Header], _ type: MediaTypeName?, _ fields: HTTPFields
  ) throws(Fault) -> BinaryEvent {
    guard let type, type != "application/json" else { return BinaryEvent(attributes) }
    let isEmpty = fields[.transferEncoding] == nil && fields[.contentLength] ?? "0" == "0"
    guard isEmpty || type.isJSON else {
      throw Fault(
        .unsupportedMediaType,
        "in binary mode the data is JSON: expected Content-Type: application/json")
    }
    let name = BinaryEvent.Header(name: "datacontenttype", value: type.text)
    return BinaryEvent(isEmpty ? attributes : attributes + [name])
  }

  /// The columns' meaning is a header too, on one line, for it must be known before the first row.
  private static func mapping(_ fields: HTTPFields) throws(Fault) -> CSVMapping {
    guard let text = fields[mappingName] else {
      throw Fault(
        .missingField,
        "the header `\(mappingName)` says, as JSON, which column of the table is what")
    }
    do throws(Faults) {
      let document = try Faults.gather { () throws(Fault) in
        try JSON(parsing: Array(text.utf8))
      }
      return try CSVMapping(Node(document))
    } catch {
      let fault = error.list[0]
      throw Fault(
        fault.code, "the header `\(mappingName)` at \(fault.pointer): \(fault.detail)")
    }
  }

  private static func zone(of mapping: CSVMapping, _ zones: any ZoneSource) throws(Fault)
    -> ZoneRules
  {
    guard let name = mapping.zone else { return .utc }
    do throws(Fault) { return try zones.rules(name) } catch {
      throw Fault(error.code, "the header `\(mappingName)` at /time/zone: \(error.detail)")
    }
  }

  private static let mappingName = HTTPField.Name("Usance-Mapping")!

  private static let unsupported = Fault(
    .unsupportedMediaType,
    """
    expected application/cloudevents+json, application/cloudevents-batch+json, \
    application/json, application/x-ndjson or text/csv
    """)
}

extension EventFormat {
  /// The format that a content type names by itself.
  init?(_ type: MediaTypeName) {
    switch type {
    case "application/cloudevents+json": self = .single
    case "application/cloudevents-batch+json": self = .batch
    default: return nil
    }
  }
}

/// A content type without its parameters, in lower case.
struct MediaTypeName: Equatable, ExpressibleByStringLiteral {
  let text: String

  init(stringLiteral text: String) { self.text = text }

  init?(_ header: String?) {
    guard let header else { return nil }
    // Nearly always it is spelled like that already, and going through characters is slow.
    text =
      header.utf8.allSatisfy(MediaTypeName.isPlain)
      ? header : header.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "/"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
    default: false
    }
  }

  /// RFC 6839, section 3.1: a type may say in its ending that it is JSON.
  var isJSON: Bool { self == "application/json" || text.hasSuffix("+json") }
}
