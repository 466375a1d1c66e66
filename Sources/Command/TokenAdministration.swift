import Access
import ArgumentParser
import Base
import Console
import SQLite
import Server
import Services
import TimeZones

/// Lists the tokens that were made on the command line.
struct TokenList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the tokens and links that were made for a data folder, without showing them.")

  @OptionGroup var data: DataOption

  @Option(name: .long, help: "Only those of this device or person.")
  var subject: String?

  @Flag(name: .long, help: "Also those that have expired.")
  var all = false

  func run() throws {
    let (folder, now) = (data.folder, Store.systemClock())
    try folder.open(toWrite: false)
    let denied = try RevokedTokenTable.all(in: folder)
    let tokens = IssuedTokens(keys: folder.keys).all().filter { token in
      (subject == nil || token.subject == subject) && (all || now < token.expires)
    }
    guard !tokens.isEmpty else { return Output.say("There is no such token.") }
    let rows = tokens.map { token in
      let state = denied.contains(token.id) ? "denied" : now < token.expires ? "valid" : "expired"
      return [token.id, token.role, token.subject, "\(token.expires)", state]
    }
    Output.say(ConsoleTable(["id", "role", "subject", "expires", "state"], rows, figures: []).text)
  }
}

/// Ends a token before its time.
struct TokenRevoke: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "Have a running service refuse a token from now on, for ever.")

  @Argument(help: "The id of the token, as `usance token list` shows it.")
  var id: String

  @OptionGroup var server: ServerOption

  func run() async throws {
    _ = try await server.client().post("/v1/token-revocations", ["jti": .string(id)])
    Output.say("\(id) is refused from now on.")
  }
}

/// Makes another key.
struct TokenNewKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new-key",
    abstract: "Make a new key, which signs all later tokens. The service must be stopped.",
    discussion: """
      Tokens of older keys stay good for as long as the file of their key is there. Where a key \
      was stolen or lost, remove its file as well and issue new tokens.
      """)

  @OptionGroup var data: DataOption

  func run() throws {
    let folder = data.folder
    try folder.open(toWrite: true, withKeys: false)
    let lock = try FolderLock(folder)
    let key = try KeyRing.newKey(in: folder.keys, now: Store.systemClock())
    withExtendedLifetime(lock) {}
    Output.say("The key \(key.id) signs from now on; start the service.")
  }
}
