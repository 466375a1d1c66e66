import ArgumentParser
import Base
import Console
import Foundation

/// What the commands of finance have in common: the service, who asks, and how the answer is shown.
struct FinanceOptions: ParsableArguments {
  @Flag(name: .long, help: "Print what the API answered, as JSON.")
  var json = false

  @OptionGroup var server: ServerOption

  var client: APIClient { get throws { try server.client() } }

  /// Prints the answer as JSON, or a sentence about it.
  func say(_ answer: JSON, _ sentence: @autoclosure () throws -> String) rethrows {
    Output.say(json ? answer.text : try sentence())
  }
}

/// An invoice as people name it: by its number, or by its key such as `acme-pbh~2026-01`.
struct InvoiceName: ExpressibleByArgument {
  let text: String

  init?(argument: String) { text = argument }

  /// The address of the invoice, below which its payments and the like are.
  func path(_ client: APIClient) async throws -> String {
    "/v1/invoices/" + APIClient.escaped(try await key(client))
  }

  /// Every key has a `~` in it, and no number has.
  func key(_ client: APIClient) async throws -> String {
    guard !text.contains("~") else { return text }
    let found = try await client.get(APIClient.path("/v1/invoices", [("number", text)]))
    guard let key = found["items"]?.elements?.first?["key"]?.stringValue else {
      throw Fault(.notFound, "there is no invoice `\(text)`")
    }
    return key
  }
}

extension APIClient {
  /// A path with those parameters that have a value.
  static func path(_ path: String, _ query: [(name: String, value: String?)]) -> String {
    let given = query.compactMap { name, value in value.map { "\(name)=\(escaped($0))" } }
    return given.isEmpty ? path : path + "?" + given.joined(separator: "&")
  }

  static func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain =
        byte < 128
        && (Character(UnicodeScalar(byte)).isLetter
          || Character(UnicodeScalar(byte)).isNumber || "-._~".utf8.contains(byte))
      return isPlain
        ? String(UnicodeScalar(byte)) : "%" + String(byte, radix: 16).uppercased().leftPadded
    }.joined()
  }
}

extension String {
  fileprivate var leftPadded: String { count < 2 ? "0" + self : self }
}

extension JSON {
  /// A member by the names on the way to it; a dash where there is none.
  func word(_ names: String...) -> String {
    let value = names.reduce(Optional(self)) { $0?[$1] }
    switch value {
    case .string(let text), .number(let text): return text
    case .bool(let flag): return flag ? "yes" : "no"
    case .array, .object: return value?.text ?? "-"
    case .null, nil: return "-"
    }
  }
}
