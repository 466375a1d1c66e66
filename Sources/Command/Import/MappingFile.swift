import Base
import Foundation
import Ingestion
import SQLite
import Services
import TimeZones
import YAML

/// A mapping as a person keeps it: YAML, of which JSON is a part.
struct MappingFile {
  let mapping: CSVMapping
  /// The one that the mapping names.
  let zone: ZoneRules
  let bytes: [UInt8]

  private static let bytesMax = 64 << 10

  init(_ path: String) throws {
    bytes = try InputFile.bytes(path)
    let document: YAMLDocument
    guard bytes.count <= Self.bytesMax else {
      throw Fault(.limitExceeded, "\(path): a mapping has at most \(Self.bytesMax) bytes")
    }
    do throws(YAMLFaults) {
      document = try YAMLDocument(String(decoding: bytes, as: UTF8.self))
    } catch {
      throw ImportFailure(
        "\(path):\(error.list[0].place.line)",
        error.list.map { Fault(.malformedDocument, $0.detail) })
    }
    do throws(Faults) {
      mapping = try CSVMapping(Node(Self.words(document.json)))
    } catch {
      throw ImportFailure(path, error.list)
    }
    do throws(Fault) {
      zone = try mapping.zone.map { (name) throws(Fault) in try ZoneDatabase().rules(name) } ?? .utc
    } catch {
      throw ImportFailure(path, [error.nested(under: "/time/zone")])
    }
  }

  /// A mapping holds names alone: a column may be called 2013.
  private static func words(_ json: JSON) -> JSON {
    switch json {
    case .number(let text): .string(text)
    case .bool(let flag): .string(flag ? "true" : "false")
    case .array(let elements): .array(elements.map(words))
    case .object(let members): .object(members.map { .init($0.name, words($0.value)) })
    case .null, .string: json
    }
  }
}
