import ArgumentParser
import Base
import Console
import Foundation

/// Shows what months would have come to under other rules.
struct Simulate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what past months would have come to under other rules, line by line.",
    discussion: """
      The other rules are a draft of the catalog, in files as `usance apply` reads them, or an \
      older version of a contract (--contract and --contract-version), or both. The events are \
      those of the service. Nothing is changed, neither there nor here.
      """)

  @Argument(help: "Files and folders of the draft.")
  var paths: [String] = []

  @Option(name: .long, help: "The first month, such as 2026-01.")
  var from: String

  @Option(name: .long, help: "The last month; without, the first.")
  var to: String?

  @Option(name: .long, help: "Only the contracts of this customer.")
  var customer: String?

  @Option(name: .long, help: "Only this contract.")
  var contract: String?

  @Option(name: .long, help: "The version of the contract that is to hold throughout.")
  var contractVersion: Int?

  @Flag(name: .long, help: "Write JSON.")
  var json = false

  @OptionGroup var server: ServerOption

  func validate() throws {
    guard !paths.isEmpty || contractVersion != nil else {
      throw ValidationError("by which rules? Name files, or a --contract-version")
    }
    guard contractVersion == nil || contract != nil else {
      throw ValidationError("--contract-version is one of a --contract")
    }
  }

  func run() async throws {
    do {
      let files = try paths.isEmpty ? nil : CatalogFiles(paths)
      let answer = try await CatalogDesk(server.client()).simulate(question(files), files)
      Output.say(json ? answer.text : SimulationReport(answer).text)
    } catch let complaints as CatalogComplaints {
      Output.note(complaints.text)
      throw ExitCode(1)
    } catch let fault as Fault {
      Output.complain(fault.detail)
      throw ExitCode(1)
    }
  }

  private func question(_ files: CatalogFiles?) -> JSON {
    let versions = contract.flatMap { contract in
      contractVersion.map { JSON.object([JSON.Member(contract, .integer($0))]) }
    }
    return .object([
      "from": .string(from), "to": to.map(JSON.string), "customer": customer.map(JSON.string),
      "contract": contract.map(JSON.string), "versions": versions, "catalog": files?.document,
    ])
  }
}
