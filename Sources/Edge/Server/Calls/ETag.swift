import Base
import HTTPTypes

/// The version of a resource, as HTTP compares it.
struct ETag {
  let version: Int

  var text: String { "\"\(version)\"" }

  /// The version a writer has seen: from `If-Match: "3"`, or 0 from `If-None-Match: *`; nil where
  /// it does not say.
  static func expected(_ call: APICall) throws -> Int? {
    if let header = call.header(.ifNoneMatch) {
      guard header == "*" else {
        throw Fault(.invalidValue, "`If-None-Match` here is `*` or nothing")
      }
      return 0
    }
    guard let header = call.header(.ifMatch) else { return nil }
    guard header.count > 2, header.hasPrefix("\""), header.hasSuffix("\"") else {
      throw Fault(.invalidValue, "`If-Match` is not an ETag, such as \"3\"")
    }
    // A tag that we never gave is the tag of no version.
    guard let version = Int(header.dropFirst().dropLast()) else {
      throw Fault(.preconditionFailed, "`If-Match` is not the ETag of a version")
    }
    return version
  }
}
