import ArgumentParser
import Base
import Foundation
import Ingestion
import Yams

/// A mapping as a person keeps it: YAML, of which JSON is a part.
struct MappingFile {
  let mapping: CSVMapping
  let bytes: [UInt8]

  private static let bytesMax = 64 << 10
  private static let depthMax = 8

  init(_ path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ValidationError("\(path) cannot be read")
    }
    bytes = Array(data)
    guard bytes.count <= Self.bytesMax else {
      throw Fault(.limitExceeded, "\(path): a mapping has at most \(Self.bytesMax) bytes")
    }
    do {
      guard let node = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)) else {
        throw Fault(.malformedDocument, "the file is empty")
      }
      mapping = try CSVMapping(Base.Node(try Self.json(node, depth: 0)))
    } catch let faults as Faults {
      throw ImportFailure(path, faults.list)
    } catch let fault as Fault {
      throw ImportFailure(path, [fault])
    } catch {
      throw ImportFailure(path, [Fault(.malformedDocument, "not YAML: \(error)")])
    }
  }

  /// A mapping holds names alone, so every scalar is the text that was written.
  private static func json(_ node: Yams.Node, depth: Int) throws -> JSON {
    guard depth < depthMax else {
      throw Fault(.limitExceeded, "a mapping nests at most \(depthMax) deep")
    }
    switch node {
    case .scalar(let scalar): return .string(scalar.string)
    case .sequence(let sequence):
      return .array(try sequence.map { try json($0, depth: depth + 1) })
    case .mapping(let mapping):
      return .object(
        try mapping.map { key, value in
          guard case .scalar(let name) = key else {
            throw Fault(.malformedDocument, "a member's name is a text")
          }
          return JSON.Member(name.string, try json(value, depth: depth + 1))
        })
    case .alias: throw Fault(.malformedDocument, "aliases are not read here")
    }
  }
}
