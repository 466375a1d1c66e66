// swift-tools-version: 6.2
import PackageDescription

/// The settings every target of this package is built with.
let house: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

/// A pure module: values in, values out. It may use the Core modules that sort before it.
func core(_ name: String, _ uses: Target.Dependency...) -> Target {
  .target(
    name: name, dependencies: uses, path: "Sources/Core/\(name)", exclude: ["README.md"],
    swiftSettings: house)
}

/// The use cases: they read and write through ports, and decide by Core.
func service(_ name: String, _ uses: Target.Dependency...) -> Target {
  .target(
    name: name, dependencies: uses, path: "Sources/\(name)", exclude: ["README.md"],
    swiftSettings: house)
}

/// A module with effects: disk, network, keys, pages.
func edge(_ name: String, _ uses: [Target.Dependency], resources: [Resource] = []) -> Target {
  .target(
    name: name, dependencies: uses, path: "Sources/Edge/\(name)", exclude: ["README.md"],
    resources: resources, swiftSettings: house)
}

func tests(_ name: String, _ uses: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: uses + ["TestSupport"], path: "Tests/\(name)", exclude: exclude,
    swiftSettings: house)
}

let package = Package(
  name: "usance",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "usance", targets: ["Command"]),
    .executable(name: "usance-bench", targets: ["Benchmark"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
  ],
  targets: [
    // Core, in data-path order.
    core("Base", crypto),  // money, exact numbers, time, text formats, faults
    core("Contracts", "Base"),  // who agreed what with whom
    core("Ingestion", "Base", "Contracts"),  // bytes to admitted events
    core("Metering", "Base", "Contracts", "Ingestion"),  // events to usage
    core("Rating", "Base", "Contracts", "Metering"),  // usage to explained lines
    core("Settlement", "Base", "Contracts", "Rating"),  // lines to invoices
    core("Valuation", "Base", "Contracts", "Metering"),  // usage and money to value
    core(  // the pages that name the stages
      "Workflow", "Base", "Contracts", "Ingestion", "Metering", "Rating", "Settlement",
      "Valuation"),

    // Service: what is done for people.
    service(
      "Services", "Base", "Contracts", "Ingestion", "Metering", "Rating", "Settlement",
      "Valuation", "Workflow"),

    // Edge: effects.
    // who may do what
    edge("Access", [crypto, .product(name: "JWTKit", package: "jwt-kit"), "Base"]),
    // zlib of the system
    .systemLibrary(name: "CZlib", path: "Sources/Edge/CZlib", providers: [.apt(["zlib1g-dev"])]),
    // checksums of the pages of the database, below SQLite
    .target(
      name: "CChecksums", path: "Sources/Edge/CChecksums", exclude: ["README.md"],
      linkerSettings: [.linkedLibrary("sqlite3")]),
    // malloc.h of the system
    .systemLibrary(name: "CMalloc", path: "Sources/Edge/CMalloc"),
    // documents for ledgers and spreadsheets
    edge("Export", ["Base", "Settlement"]),
    // what was compressed, piece by piece
    edge("Gzip", ["CZlib"]),
    // the shape of the database
    .target(
      name: "Migrations", path: "Migrations", exclude: ["README.md"],
      resources: [
        "0001_catalog", "0002_identities", "0003_log", "0004_meters", "0005_settlement",
        "0006_access",
      ].flatMap {
        [.embedInCode("\($0).sql"), .embedInCode("\($0).expect.sql")]
      }, swiftSettings: house),
    // the one file that serves the ports: events, usage, agreements, invoices
    edge(
      "SQLite",
      [
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
        "Base", "CChecksums", "CMalloc", "Contracts", "Ingestion", "Metering", "Migrations",
        "Rating", "Settlement", "Workflow",
      ]),
    // the rules of time zones
    edge("TimeZones", ["Base", "Workflow"]),
    // what account managers see
    edge(
      "Pages", [.product(name: "Mustache", package: "swift-mustache"), "Base"],
      resources: ["customer", "customers", "layout", "problem", "score", "sign-in"].map {
        .embedInCode("Templates/\($0).mustache")
      } + [.embedInCode("Styles/usance.css")]),
    // the HTTP API
    edge(
      "Server",
      [
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"), logging,
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        "Access", "Base", "Contracts", "Export", "Gzip", "Ingestion", "Metering", "Pages",
        "Rating", "Services", "Settlement", "Valuation", "Workflow",
      ], resources: [.embedInCode("openapi.yaml"), .embedInCode("catalog.schema.json")]),

    // files that people write
    edge("YAML", [.product(name: "Yams", package: "Yams"), "Base"]),

    // Command: the executables, and the data of the demonstration.
    .target(
      name: "FlightArchive", path: "Sources/Command/Demo/Archive", exclude: ["README.md"],
      resources: [.embedInCode("flights-2013q1.columns.gz")], swiftSettings: house),
    // what the two executables have in common
    .target(
      name: "Console",
      dependencies: [
        arguments, .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"), "Base", "SQLite",
      ], path: "Sources/Command/Console", exclude: ["README.md"], swiftSettings: house),
    .executableTarget(
      name: "Command",
      dependencies: [
        arguments, logging,
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        "Access", "Base", "Console", "FlightArchive", "Gzip", "Ingestion", "Server", "Services",
        "Settlement", "SQLite", "TimeZones", "Workflow", "YAML",
      ], path: "Sources/Command", exclude: ["README.md", "Console", "Demo/Archive"],
      swiftSettings: house),
    // its benchmark
    .executableTarget(
      name: "Benchmark",
      dependencies: [
        arguments, "Base", "Console", "Contracts", "Metering", "Rating", "Services", "SQLite",
        "TimeZones", "Workflow",
      ], path: "Benchmarks", exclude: ["README.md", "baseline.c"], swiftSettings: house),

    // Tests, in the order of what they test.
    .target(
      name: "TestSupport",
      dependencies: [
        .product(name: "GRDB", package: "GRDB.swift"), "Base", "CZlib", "Gzip",
      ], path: "Tests/TestSupport",
      exclude: ["README.md"], swiftSettings: house),
    tests("BaseTests", ["Base"]),
    tests("ContractsTests", ["Base", "Contracts"]),
    tests("IngestionTests", ["Base", "Ingestion"]),
    tests("MeteringTests", ["Base", "Contracts", "Metering"]),
    tests("RatingTests", ["Base", "Contracts", "Metering", "Rating"]),
    tests("ValuationTests", ["Base", "Metering", "Valuation"]),
    tests(
      "WorkflowTests",
      [
        "Base", "Contracts", "Ingestion", "Metering", "Rating", "Settlement", "Valuation",
        "Workflow",
      ]),
    tests("AccessTests", ["Access", "Base", crypto]),
    tests("ExportTests", ["Base", "Export"]),
    tests("GzipTests", ["Gzip"]),
    tests("PagesTests", ["Base", "Pages"]),
    tests(
      "ServerTests",
      [
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"), logging,
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Yams", package: "Yams"),
        "Access", "Base", "Contracts", "Ingestion", "Metering", "Server", "Services",
        "Settlement", "SQLite", "TimeZones", "Workflow", "YAML",
      ]),
    tests(
      "StorageTests",
      [
        .product(name: "GRDB", package: "GRDB.swift"), "Base", "Contracts", "Ingestion",
        "Metering", "Migrations", "Rating", "Services", "Settlement", "SQLite", "TimeZones",
        "Valuation", "Workflow",
      ], exclude: ["WindFarm"]),
    tests(
      "SimulationTests",
      [
        .product(name: "GRDB", package: "GRDB.swift"), "Base", "Contracts", "Ingestion",
        "Metering", "Services", "Settlement", "SQLite", "TimeZones", "Workflow",
      ]),
    tests(
      "PeriodTests",
      [
        .product(name: "GRDB", package: "GRDB.swift"), "Base", "Contracts", "Ingestion",
        "Metering", "Services", "Settlement", "SQLite", "TimeZones", "Workflow",
      ]),
    tests(
      "EngineContractTests",
      [
        "Base", "Contracts", "Ingestion", "Metering", "Settlement", "SQLite", "Workflow",
      ]),
    tests("YAMLTests", ["Base", "YAML"]),
    tests("CrashTests", [.product(name: "GRDB", package: "GRDB.swift"), "Command"]),
    tests(
      "CommandTests",
      [
        .product(name: "GRDB", package: "GRDB.swift"), "Base", "Command", "Console",
        "FlightArchive", "Gzip",
      ], exclude: ["Flights"]),
    tests("BenchmarkTests", ["Base", "Benchmark", "Contracts", "Ingestion"]),
    tests("BrowserTests", ["Command"]),
    tests("ConformanceTests", ["Base", "Command"], exclude: ["Python"]),
    tests(
      "GoldenTests",
      ["Base", "Contracts", "Metering", "Rating", "Settlement", "Workflow", "YAML"],
      exclude: ["Flights", "Savings", "WindFarm"]),
    tests("TidyTests", []),
  ]
)
