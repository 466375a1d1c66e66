import Testing

@Suite struct ImportRulesTests {
  @Test func `every module imports only what it may`() {
    let tree = SourceTree.package
    let rules = ImportRules(tree)
    print("Who may import whom:\n\(rules.table)")
    let sources = tree.swift.filter { Module(of: $0.path) != nil }
    #expect(sources.count > 50)
    #expect(report(sources.flatMap(rules.imports)) == "")
  }

  private let rules = ImportRules(core: ["Contracts", "Base", "Metering"])

  @Test func `the table says who may import whom`() {
    #expect(
      rules.table == """
        Base          -
        Contracts     Base
        Metering      Base Contracts
        Services      (Core)
        Access        (Core)
        Export        (Core)
        Gzip          (Core) CZlib
        Pages         (Core)
        SQLite        (Core) CChecksums CMalloc Migrations
        Server        (Core) Access Export Gzip Pages Services
        TimeZones     (Core)
        YAML          (Core)
        CChecksums    -
        CMalloc       -
        CZlib         -
        FlightArchive -
        Migrations    -
        Benchmark     (Core) Console SQLite Services TimeZones
        Command       (Core) Services Access Export Gzip Pages SQLite Server TimeZones YAML \
        CChecksums CMalloc CZlib FlightArchive Migrations Console
        Console       (Core) SQLite
        """)
  }

  @Test(arguments: [
    ("Sources/Core/Base/A.swift", "import Contracts"),
    ("Sources/Core/Contracts/A.swift", "package import Metering"),
    ("Sources/Core/Contracts/A.swift", "import SQLite"),
    ("Sources/Core/Contracts/A.swift", "import Foundation"),
    ("Sources/Core/Contracts/A.swift", "import Synchronization"),
    ("Sources/Core/Contracts/A.swift", "private import Crypto"),
    ("Sources/Core/Base/Fault.swift", "private import Crypto"),
    ("Sources/Core/Base/Texts/Digest.swift", "import JWTKit"),
    ("Sources/Edge/Access/A.swift", "import SQLite"),
    ("Sources/Edge/Export/A.swift", "import Pages"),
    ("Sources/Edge/Server/A.swift", "import CZlib"),
    ("Sources/Edge/SQLite/A.swift", "import Access"),
    ("Sources/Edge/Pages/A.swift", "import Access"),
    ("Sources/Edge/Pages/A.swift", "import Server"),
    ("Sources/Edge/Server/Handlers/A.swift", "import Migrations"),
    ("Sources/Edge/Server/A.swift", "@testable import Command"),
    ("Sources/Edge/Server/A.swift", "@preconcurrency package import struct Command.A"),
    ("Sources/Command/Demo/Archive/A.swift", "import Base"),
    ("Migrations/Migrations.swift", "import SQLite"),
    ("Sources/Edge/Unknown/A.swift", "import Base"),
    ("Sources/Services/Billing/A.swift", "import Foundation"),
    ("Sources/Services/Billing/A.swift", "import GRDB"),
    ("Sources/Services/Billing/A.swift", "import SQLite"),
    ("Sources/Edge/Server/A.swift", "import SQLite"),
    ("Sources/Edge/SQLite/A.swift", "import Services"),
    ("Sources/Edge/Server/A.swift", "import GRDB"),
    ("Sources/Command/A.swift", "import GRDB"),
    ("Sources/Command/A.swift", "import Benchmark"),
    ("Sources/Command/Console/A.swift", "import Command"),
    ("Benchmarks/Load/A.swift", "import Command"),
    ("Benchmarks/A.swift", "import Server"),
    ("Sources/Edge/Server/A.swift", "import Console"),
  ])
  func `a forbidden import is caught`(path: String, line: String) {
    let file = SourceFile(path: path, text: "\(line)\n")
    #expect(rules.imports(file).count == 1)
  }

  @Test(arguments: [
    ("Sources/Core/Metering/A.swift", "package import Base\nimport Contracts"),
    ("Sources/Core/Base/Texts/Digest.swift", "private import Crypto"),
    ("Sources/Core/Base/A.swift", "// import SQLite\nlet a = \"import SQLite\""),
    ("Sources/Edge/Access/A.swift", "import Base\nimport Crypto\nimport JWTKit"),
    ("Sources/Edge/SQLite/A.swift", "import Migrations\nimport GRDB\nimport Metering"),
    ("Sources/Edge/Gzip/A.swift", "import CZlib"),
    ("Sources/Edge/Pages/A.swift", "import Base"),
    ("Sources/Edge/Server/A.swift", "import Access; import Pages"),
    ("Sources/Command/main.swift", "import Server\nimport FlightArchive\nimport CZlib"),
    ("Sources/Command/Console/A.swift", "import AsyncHTTPClient\nimport SQLite"),
    ("Benchmarks/Cases/A.swift", "import Console\nimport Rating\nimport Services"),
    ("Tests/CommandTests/A.swift", "@testable import Command"),
  ])
  func `an allowed import passes`(path: String, text: String) {
    #expect(report(rules.imports(SourceFile(path: path, text: text))) == "")
  }

  @Test func `imports are read in all their forms`() {
    let text = """
      import A
      @testable import B
      package import struct C.D
      @_spi(X) private import E.F
      import G; import H
      """
    #expect(Import.all(in: text).map(\.module) == ["A", "B", "C", "E", "G", "H"])
    #expect(Import.all(in: text).map(\.line) == [1, 2, 3, 4, 5, 5])
  }
}
