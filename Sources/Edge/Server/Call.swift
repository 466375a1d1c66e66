import Access
import Base
import HTTPTypes
import Hummingbird
import NIOCore

/// One request on its way through an operation: what was asked, by whom, of what.
struct Call: Sendable {
  let request: Request
  let parameters: Parameters
  /// Nil where there is no body.
  let bodyDeadline: BodyDeadline?
  let services: Services
  /// Nil where the operation is open to everybody.
  let caller: Caller?

  var now: Instant { services.clock() }

  /// A parameter of the path, read by its type; what cannot name a thing names none.
  func key<Kind>(_ name: String = "key") throws -> Key<Kind> {
    guard let text = parameters.get(name), let key = try? Key<Kind>(text) else {
      throw Fault(.notFound, "there is no such \(Kind.noun.split(separator: " ")[0])")
    }
    return key
  }

  func header(_ name: HTTPField.Name) -> String? { request.headers[name] }

  /// The whole body. One that says it is too large is refused before it is read; one that comes too
  /// slowly loses its connection.
  func body(bytesMax: Int) async throws -> [UInt8] {
    if let length = header(.contentLength), Int(length) ?? .max > bytesMax {
      throw Call.tooLarge(bytesMax)
    }
    do {
      let buffer = try await request.body.collect(upTo: bytesMax)
      bodyDeadline?.meet()
      return Array(buffer.readableBytesView)
    } catch is NIOTooManyBytesError {
      throw Call.tooLarge(bytesMax)
    } catch  where bodyDeadline?.hasPassed == true {
      throw Fault(.requestTimeout, "a body is here within \(Limits.bodySecondsMax) seconds")
    } catch {
      throw Fault(.malformedDocument, "the body breaks off, or breaks the rules of HTTP")
    }
  }

  /// The body as a JSON object.
  func document() async throws -> Node {
    let type = MediaTypeName(header(.contentType))
    guard type == nil || type == "application/json" else {
      throw Fault(.unsupportedMediaType, "expected Content-Type: application/json")
    }
    return Node(try JSON(parsing: await body(bytesMax: Limits.documentBytesMax)))
  }

  private static func tooLarge(_ bytesMax: Int) -> Fault {
    Fault(.payloadTooLarge, "a body here has at most \(bytesMax) bytes")
  }
}

/// A content type without its parameters, in lower case.
struct MediaTypeName: Equatable, ExpressibleByStringLiteral {
  let text: String

  init(stringLiteral text: String) { self.text = text }

  init?(_ header: String?) {
    guard let header else { return nil }
    text = header.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
  }
}
