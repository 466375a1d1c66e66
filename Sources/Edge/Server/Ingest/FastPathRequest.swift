import Access
import Base
import HTTPTypes
import Ingestion
import NIOCore
import NIOHTTPTypes

/// A post of events that keeps to the usual: one small JSON document of known length, and nothing
/// about it that would want another look.
final class FastPathRequest {
  static let bytesMax = 16 << 10

  let head: HTTPRequest
  let address: IngestEndpoint
  /// Nil where the body itself shows whether it is one event or a list.
  let format: EventFormat?
  let token: String
  let preferences: [String]
  private(set) var body = ByteBuffer()

  /// Nil where anything is unusual.
  init?(_ head: HTTPRequest) {
    guard head.method == .post,
      let address = IngestEndpoint.allCases.first(where: { $0.path == head.path }),
      let fields = Fields(head.headerFields), let token = fields.token
    else { return nil }
    switch fields.type {
    case let type? where EventFormat(type) != nil: format = EventFormat(type)
    case "application/json" where !fields.hasAttributes: format = nil
    default: return nil
    }
    self.head = head
    self.address = address
    self.token = token
    preferences = fields.preferences
  }

  /// Adds what has come of the body; false where it is more than is small.
  func add(_ piece: ByteBuffer) -> Bool {
    guard body.readableBytes + piece.readableBytes <= Self.bytesMax else { return false }
    if body.readableBytes == 0 { body = piece } else { body.writeImmutableBuffer(piece) }
    return true
  }
}

extension FastPathRequest {
  /// The headers that matter, in one walk over all of them.
  private struct Fields {
    var type: MediaTypeName?
    var token: String?
    var preferences: [String] = []
    /// Whether there are attributes of binary mode.
    var hasAttributes = false

    /// Nil where one of them says that there is more to do.
    init?(_ fields: HTTPFields) {
      for field in fields {
        switch field.name {
        case .contentType where type == nil: type = MediaTypeName(field.value)
        case .authorization where token == nil:
          guard let text = BearerToken.text(of: field.value) else { return nil }
          token = text
        case .contentLength where Int(field.value) ?? .max <= FastPathRequest.bytesMax: break
        case .connection where field.value.lowercased() == "keep-alive": break
        case .prefer: preferences.append(field.value)
        // A browser, which is told as a page what it did wrong.
        case .accept where field.value == "*/*": break
        case .accept where field.value.lowercased().contains("text/"): return nil
        case .contentType, .authorization, .contentLength, .connection, .contentEncoding,
          .transferEncoding, .expect, .upgrade:
          return nil
        default: hasAttributes = hasAttributes || field.name.canonicalName.hasPrefix("ce-")
        }
      }
    }
  }
}
