import ArgumentParser
import SQLite

/// Where the data is.
struct DataOption: ParsableArguments {
  @Option(name: .long, help: "The data folder.")
  var data = "usance-data"

  var folder: DataFolder { DataFolder(data) }
}
