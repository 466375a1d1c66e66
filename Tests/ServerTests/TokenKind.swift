import Access
import HTTPTypes
import Server

/// A kind of token that somebody may hold, as Documentation/Access.md names it.
struct TokenKind: Sendable {
  enum Holding: Sendable {
    case nothing
    case token
    case session
  }

  let name: String
  let holding: Holding
  let scopes: [TokenScope]
  let bounds: TokenBounds

  static let ownSource = "//acme/engine-1"
  static let ownAsset = "engine-1"

  static let all: [TokenKind] = {
    let own = [try? NamePattern(ownSource)].compactMap(\.self)
    let asset = [try? NamePattern(ownAsset)].compactMap(\.self)
    let roles = Role.allCases.map { role in
      TokenKind(
        name: role.rawValue, holding: .token, scopes: role.scopes,
        bounds: role == .device ? TokenBounds(sources: own, assets: asset) : .none)
    }
    let anywhere = TokenKind(
      name: "device, any source", holding: .token, scopes: Role.device.scopes, bounds: .none)
    let session = TokenKind(
      name: "signed in", holding: .session, scopes: Role.accountManager.scopes, bounds: .none)
    return [TokenKind(name: "nobody", holding: .nothing, scopes: [], bounds: .none)] + roles
      + [anywhere, session]
  }()

  var isBound: Bool { !bounds.isNone }

  var caller: Caller {
    Caller(
      subject: name, scopes: Set(scopes), bounds: bounds, tokenID: name, expiresAtSecond: .max)
  }

  /// What the table says of an operation.
  func word(for operation: Operation) -> String {
    switch (operation.entry, holding) {
    case (.open, _): "yes"
    case (.token(anyOf: let scopes), .token):
      caller.refusal(of: .call(anyOf: scopes)) != nil
        ? "-" : isBound ? "its own" : "yes"
    case (.session(let scope), .session):
      caller.refusal(of: .call(anyOf: [scope])) == nil ? "yes" : "-"
    default: "-"
    }
  }
}

/// An event as the second table has it.
struct EventCase: Sendable {
  let name: String
  let scopes: [TokenScope]
  let source: String
  let subject: String?

  static let all: [EventCase] = {
    let (own, other) = ((TokenKind.ownSource, TokenKind.ownAsset), ("//acme/engine-2", "engine-2"))
    return [
      ("post", [TokenScope.writeEvents]), ("correct", [.correctEvents]),
      ("answer an outcome of", [.answerOutcomes]), ("read", TokenScope.reading),
    ].flatMap { act, scopes in
      [
        EventCase(name: "\(act) its own", scopes: scopes, source: own.0, subject: own.1),
        EventCase(name: "\(act) another source", scopes: scopes, source: other.0, subject: own.1),
        EventCase(name: "\(act) another asset", scopes: scopes, source: own.0, subject: other.1),
        EventCase(name: "\(act) no asset", scopes: scopes, source: own.0, subject: nil),
      ]
    }
  }()
}

/// The tables of Documentation/Access.md, from the code.
enum AccessTable {
  static let begin = "<!-- from the code -->\n"
  static let end = "<!-- to here -->\n"

  static var text: String {
    let kinds = TokenKind.all
    let operations = Routes.all.sorted {
      ($0.path, $0.method.rawValue) < ($1.path, $1.method.rawValue)
    }
    let rows = operations.map { operation in
      ["`\(operation.method.rawValue) \(operation.path)`"] + kinds.map { $0.word(for: operation) }
    }
    let holders = kinds.filter { $0.holding == .token }
    let events = EventCase.all.map { event in
      [event.name] + holders.map { word(for: event, $0) }
    }
    let scopes = TokenScope.allCases.map { scope in
      ["`\(scope.rawValue)`"] + Role.allCases.map { $0.scopes.contains(scope) ? "yes" : "-" }
    }
    return [
      "## Scopes of the roles\n", table(["scope"] + Role.allCases.map(\.rawValue), scopes),
      "## Operations\n", table(["operation"] + kinds.map(\.name), rows),
      "## Events\n", table(["to"] + holders.map(\.name), events),
    ].joined(separator: "\n")
  }

  static func word(for event: EventCase, _ kind: TokenKind) -> String {
    kind.caller.refusal(ofEventWith: event.source, event.subject, anyOf: event.scopes) == nil
      ? "yes" : "-"
  }

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    ([head, head.map { _ in "---" }] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }
}
