import Access
import ArgumentParser
import Base
import Console
import Foundation
import SQLite
import Server
import Services
import TimeZones

/// Makes tokens with the keys of a data folder.
struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Make, list and revoke tokens; make sign-in links and keys.",
    subcommands: [
      Issue.self, Link.self, TokenList.self, TokenRevoke.self, TokenNewKey.self,
    ])

  struct Issue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print a token for the HTTP API.",
      discussion: "Roles: " + Role.allCases.map(\.rawValue).joined(separator: ", ") + ".")

    @OptionGroup var data: DataOption

    @Option(name: .long, help: "Whom it is for; decides what it allows.")
    var role: Role

    @Option(name: .long, help: "The name of the device or person, for the records.")
    var subject: String

    @Option(name: .long, help: "How long it is good for, in hours (at most 2160).")
    var hours: Int64 = 24

    @Option(
      name: .long,
      help: ArgumentHelp(
        "Of a device: a source that it posts for; may be repeated.",
        discussion: "`//acme/*` is every source that begins so, `*` every source there is. Without "
          + "it the device posts for the sources SUBJECT and //SUBJECT."))
    var source: [String] = []

    @Option(
      name: .long,
      help: "Of a device: an asset that its events may be about; may be repeated (all).")
    var asset: [String] = []

    @Option(
      name: .long,
      help: ArgumentHelp(
        "A scope that it has beside those of its role; may be repeated.",
        discussion: "Scopes: " + TokenScope.allCases.map(\.rawValue).joined(separator: ", ") + "."))
    var scope: [TokenScope] = []

    func run() async throws {
      let (seconds, overflow) = hours.multipliedReportingOverflow(by: 3600)
      guard !overflow else { throw ValidationError("a token lives at most 2160 hours") }
      let bounds = try role.bounds(subject: subject, sources: source, assets: asset)
      if !bounds.isNone, let wider = scope.first(where: { !$0.isOfEvents }) {
        throw ValidationError(
          "`\(wider.rawValue)` reaches beyond the sources and assets of the token")
      }
      Output.say(
        try await Issuing(data.folder).token(
          .access, role, subject: subject, beside: scope, bounds: bounds, lifetimeSeconds: seconds))
    }
  }

  struct Link: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print a link that signs an account manager in, once, within 15 minutes.")

    @OptionGroup var data: DataOption

    @Option(name: .long, help: "The name of the person, for the records.")
    var subject: String

    @Option(name: .long, help: "Where the service is reached.")
    var url = "http://127.0.0.1:8080"

    func run() async throws {
      Output.say(try await Issuing(data.folder).link(to: url, subject: subject))
    }
  }
}

extension Role: ExpressibleByArgument {}
extension TokenScope: ExpressibleByArgument {}

/// Issues tokens straight from the keys of a folder; the service need not run.
struct Issuing {
  private let issuer: TokenIssuer
  /// Where they are listed; nil for those of a demonstration.
  private let issued: IssuedTokens?

  init(_ folder: DataFolder) throws {
    try folder.open(toWrite: true)
    issuer = TokenIssuer(try KeyRing(folder: folder.keys, now: Store.systemClock()))
    issued = IssuedTokens(keys: folder.keys)
  }

  init(_ issuer: TokenIssuer) {
    self.issuer = issuer
    issued = nil
  }

  /// `beside` are scopes that the role lacks.
  func token(
    _ purpose: TokenPurpose, _ role: Role, subject: String, beside: [TokenScope] = [],
    bounds: TokenBounds = .none, lifetimeSeconds: Int64
  ) async throws -> String {
    let (id, now) = (UUID().uuidString, Store.systemClock())
    let token = try await issuer.issue(
      purpose, subject: subject,
      scopes: TokenScope.allCases.filter { role.scopes.contains($0) || beside.contains($0) },
      bounds: bounds, lifetimeSeconds: lifetimeSeconds, tokenID: id, now: now)
    // Nobody else knows which tokens there are.
    try issued?.add(
      IssuedToken(
        id: id, role: purpose == .link ? "link" : role.rawValue, subject: subject,
        expires: now.advanced(bySeconds: lifetimeSeconds)))
    return token
  }

  func link(to url: String, subject: String) async throws -> String {
    let token = try await token(
      .link, .accountManager, subject: subject,
      lifetimeSeconds: TokenPurpose.link.lifetimeSecondsMax)
    return "\(url)/sign-in/\(token)"
  }
}
