import Base
import Foundation
import TestSupport
import Testing

/// `usance apply` and `usance export` as a person runs them, against a real server.
@Suite struct ApplyTests {
  private static let base = """
    customers:
      acme: {name: Acme Air}
    meters:
      time: {aggregation: sum, eventTypes: [ran], unit: s, value: /seconds}
      runs: {aggregation: count, eventTypes: [ran], unit: runs}
    """

  private static let contract = """
    contracts:
      acme-pbh:
        customer: acme
        currency: EUR
        zone: Europe/Berlin
        from: 2013-01-01
        clauses:
          - key: engines
            kind: severityHours
            hours: time
            cycles: runs
            rate: 180.00
            cycleRate: 42.50
    """

  private static let assets = """
    assets:
      N1:
        assignments:
          - {contract: acme-pbh, from: "2013-01-01T00:00:00+01:00"}
    indexSeries:
      labour: {places: 1, publications: labour.csv}
    """

  private static func write(_ desk: CatalogFolder) throws {
    try desk.write("agreed/a-contracts.yaml", contract)
    try desk.write("agreed/base.yml", base)
    try desk.write("agreed/more/assets.yaml", assets)
    try desk.write(
      "agreed/more/labour.csv", "month,published,value\n2013-01,2013-02-25,149.7\n")
    try desk.write("agreed/.hidden/broken.yaml", "[")
    try desk.write("agreed/README.md", "Not YAML.")
  }

  @Test func aPlanIsShownAndThenApplied() throws {
    let desk = try CatalogFolder()
    try Self.write(desk)
    let plan = try desk.run("apply", desk.path("agreed"))
    #expect(plan.status == 2)
    #expect(
      plan.text == """
        + contract acme-pbh
        + customer acme
        + meter time
        + meter runs
        + asset N1
        + indexSeries labour
        6 new, 0 changed, 0 unchanged.
        Nothing was changed. Run again with --yes to apply.

        """)
    #expect(try desk.run("export").text == "{}\n")

    let applied = try desk.run("apply", desk.path("agreed"), "--yes")
    #expect(applied.status == 0)
    #expect(applied.text.hasSuffix("\nApplied.\n"))
    let again = try desk.run("apply", desk.path("agreed"))
    #expect(again.status == 0)
    #expect(again.text == "0 new, 0 changed, 6 unchanged.\n")

    try desk.write("agreed/a-contracts.yaml", Self.contract.replacing("180.00", with: "184.5"))
    let change = try desk.run("apply", desk.path("agreed/a-contracts.yaml"))
    #expect(change.status == 2)
    #expect(
      change.text == """
        ~ contract acme-pbh, version 2
            /clauses/0/rate: "180.00" -> "184.5"
        0 new, 1 changed, 0 unchanged.
        Not in your files, unchanged: 1 customer (acme), 2 meters (runs, time), \
        1 index series (labour), 1 asset (N1).
        Nothing was changed. Run again with --yes to apply.

        """)
  }

  @Test func whatIsExportedIsGoodToReadAndChangesNothing() throws {
    let desk = try CatalogFolder()
    try Self.write(desk)
    #expect(try desk.run("apply", desk.path("agreed"), "--yes").status == 0)
    let whole = try desk.run("export")
    #expect(whole.text.hasPrefix("customers:\n  acme: {name: Acme Air}\nmeters:\n  runs:\n"))
    try desk.write("whole.yaml", whole.text)
    let again = try desk.run("apply", desk.path("whole.yaml"))
    #expect(again.status == 0)
    #expect(again.text == "0 new, 0 changed, 6 unchanged.\n")
    let exported = try desk.run("export", "--folder", desk.path("exported"))
    #expect(exported.status == 0)
    #expect(exported.text.contains("written    \(desk.path("exported"))/customers.yaml\n"))
    try refusesToOverwrite(desk)
    let files = try FileManager.default.contentsOfDirectory(atPath: desk.path("exported")).sorted()
    #expect(
      files == [
        "assets.yaml", "contracts.yaml", "customers.yaml", "indexSeries.yaml", "meters.yaml",
      ])
    #expect(try desk.run("apply", desk.path("exported")).text == again.text)
  }

  /// Three files, twenty things wrong with them, and all of it is said, line by line.
  /// A file that says something else is left alone, unless that is asked for.
  private func refusesToOverwrite(_ desk: CatalogFolder) throws {
    let folder = desk.path("exported")
    let again = try desk.run("export", "--folder", folder)
    #expect(again.status == 0 && !again.text.contains("written"), "\(again.text)")
    let sound = try String(contentsOfFile: "\(folder)/customers.yaml", encoding: .utf8)
    try desk.write("exported/customers.yaml", "customers: {}\n")
    let refused = try desk.run("export", "--folder", folder)
    #expect(refused.status == EX_CANTCREAT)
    #expect(refused.errors.contains("`customers.yaml`") && refused.errors.contains("--force"))
    #expect(
      try String(contentsOfFile: "\(folder)/customers.yaml", encoding: .utf8)
        == "customers: {}\n")
    #expect(try desk.run("export", "--folder", folder, "--force").status == 0)
    #expect(try String(contentsOfFile: "\(folder)/customers.yaml", encoding: .utf8) == sound)
  }

  @Test func twentyFaultsAreToldAtOnce() throws {
    let desk = try CatalogFolder()
    try desk.write("bad/contracts.yaml", TwentyFaults.contracts)
    try desk.write("bad/assets.yaml", TwentyFaults.assets)
    try desk.write("bad/things.yaml", TwentyFaults.things)
    let outcome = try desk.run("apply", desk.path("bad"), "--yes")
    #expect(outcome.status == 1)
    #expect(outcome.text == "")
    let lines = outcome.errors.replacing(desk.path("bad") + "/", with: "").split(separator: "\n")
    #expect(lines.last == "20 things are wrong; nothing was changed.")
    #expect(
      lines.dropLast().map { $0.split(separator: ": ").prefix(2).joined(separator: " ") }
        == TwentyFaults.places)
    #expect(try desk.run("export").text == "{}\n")
  }

  /// What cannot be read at all, and where.
  @Test func filesThatAreNoCatalogAreNamed() throws {
    let desk = try CatalogFolder()
    let table: [(String, String)] = [
      ("customers: {acme: {name: A, name: B}, acme: {}}", ":1:29: `name` appears twice"),
      ("customers: {acme: {name: A, name: B}, acme: {}}", ":1:39: `acme` appears twice"),
      ("customers:\n  acme: [", ":3:1: not YAML"), ("- a", ":1:1: expected sections"),
      ("customers: [a]", ":1:1: /customers: expected keys"),
      (
        "indexSeries:\n  l: {places: 1, publications: no.csv}", ":2:32: /indexSeries/l/publications"
      ),
    ]
    for (text, complaint) in table {
      try desk.write("one.yaml", text)
      let outcome = try desk.run("apply", desk.path("one.yaml"))
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("one.yaml" + complaint), "\(outcome.errors)")
    }
    try desk.write("one.yaml", "customers: {acme: {name: A}}")
    try desk.write("two.yaml", "customers:\n  bird: {name: B}\n  acme: {name: A}")
    let twice = try desk.run("apply", desk.path("one.yaml"), desk.path("two.yaml"))
    #expect(twice.errors.contains("two.yaml:3:3: /customers/acme: it stands in"))
    #expect(try desk.run("apply", desk.path("nowhere")).status != 0)
  }

  @Test func whoMayNotIsTold() throws {
    let desk = try CatalogFolder()
    try Self.write(desk)
    try desk.write("token-file", ServerProcess.token("finance", desk.folder))
    let outcome = try desk.run("apply", desk.path("agreed"), "--yes")
    #expect(outcome.status == 1)
    #expect(outcome.errors == "usance: the token lacks the scope `catalog:write`\n")
  }

  /// 717 aircraft and all that was agreed about them: from the demo's service to files, from the
  /// files to another service, and from there to the same files.
  @Test func theCatalogOfTheDemoMovesToAnotherService() throws {
    let folder = try TemporaryFolder()
    let (status, _) = try BuiltBinary.output(
      "demo", "--exit", "--json", "--data", folder.path("data"))
    try #require(status == 0)
    let demo = try CatalogFolder(folder)
    #expect(try demo.run("export", "--folder", demo.path("files")).status == 0)
    let other = try CatalogFolder()
    let applied = try other.run("apply", demo.path("files"), "--yes")
    #expect(applied.status == 0)
    #expect(applied.text.contains("727 new, 0 changed, 0 unchanged."))
    #expect(try other.run("export").text == demo.run("export").text)
    for desk in [demo, other] {
      #expect(
        try desk.run("apply", demo.path("files")).text == "0 new, 0 changed, 727 unchanged.\n")
    }
  }
}
