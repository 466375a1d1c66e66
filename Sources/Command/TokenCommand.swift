import Access
import ArgumentParser
import Base
import Server
import Storage

/// Makes tokens with the keys of a data folder.
struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Make tokens and sign-in links.",
    subcommands: [Issue.self, Link.self])

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

    func run() async throws {
      let (seconds, overflow) = hours.multipliedReportingOverflow(by: 3600)
      guard !overflow else { throw ValidationError("a token lives at most 2160 hours") }
      Output.say(
        try await Issuing(data.folder).token(
          .access, role, subject: subject, lifetimeSeconds: seconds))
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

/// Issues tokens straight from the keys of a folder; the service need not run.
struct Issuing {
  private let issuer: TokenIssuer

  init(_ folder: DataFolder) throws {
    try folder.create()
    issuer = TokenIssuer(try KeyRing(folder: folder.keys, now: Services.systemClock()))
  }

  init(_ issuer: TokenIssuer) { self.issuer = issuer }

  func token(
    _ purpose: TokenPurpose, _ role: Role, subject: String, lifetimeSeconds: Int64
  ) async throws -> String {
    try await issuer.issue(
      purpose, subject: subject, scopes: role.scopes, lifetimeSeconds: lifetimeSeconds,
      now: Services.systemClock())
  }

  func link(to url: String, subject: String) async throws -> String {
    let token = try await token(
      .link, .accountManager, subject: subject,
      lifetimeSeconds: TokenPurpose.link.lifetimeSecondsMax)
    return "\(url)/sign-in/\(token)"
  }
}
