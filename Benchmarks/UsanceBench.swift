import ArgumentParser
import Console

/// The command line.
@main
struct UsanceBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "usance-bench", abstract: "Measure `usance` on this machine.",
    subcommands: [Measure.self, RatingLoop.self], defaultSubcommand: Measure.self)

  static func main() async { await Invocation.run(UsanceBench.self) }
}
