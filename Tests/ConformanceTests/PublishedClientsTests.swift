import Base
import TestSupport
import Testing

/// The packages that others have published post to the real server, unchanged.
@Suite(
  .enabled(
    if: PublishedClient.areInstalled,
    "the Python packages are not installed; `make test` installs them where PyPI can be reached"))
struct PublishedClientsTests {
  /// Whatever is posted is posted twice, and is there once, as it was meant.
  @Test(arguments: [PublishedClient.cloudEvents1, .cloudEvents2])
  func theCloudEventsPackagePosts(client: PublishedClient) throws {
    let modes = ["structured", "binary", "batch"]
    let desk = try EngineDesk()
    let lines = try client.post(to: desk)
    let statuses = lines.map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
    #expect(statuses == modes.flatMap { ["\($0) 200", "\($0) 200"] }, "\(lines)")
    let events = try desk.events()
    for event in events {
      #expect(event["source"]?.stringValue == "//conformance/\(client.packages)")
      #expect(event["status"] == "counted")
      #expect(event["time"] == "2013-01-05T07:00:00.500000Z")
      #expect(event["attributes"]?["site"] == "north")
      #expect(event["data"]?.sorted == ["pilot": "Jörg", "seconds": 60])
    }
    let wanted = modes.flatMap { $0 == "batch" ? ["first", "second"] : [$0] }
    let names = events.compactMap { $0["id"]?.stringValue?.split(separator: " ")[1] }
    #expect(names.map(String.init) == wanted)
    let usage = try desk.usage()
    #expect(usage == "\(60 * wanted.count) s of \(wanted.count) events")
  }

  /// The client raises on any answer but 204.
  @Test func theClientOfOpenMeterPosts() throws {
    let desk = try EngineDesk()
    let lines = try PublishedClient.openMeter.post(to: desk)
    let modes = ["single", "list", "plain", "stray"]
    #expect(lines == (modes + modes).map { "\($0) 204" })
    let events = try desk.events()
    #expect(
      events.compactMap { $0["id"]?.stringValue }
        == ["single", "first", "second", "third", "fourth", "stray"].map { "openmeter \($0)" })
    for event in events {
      #expect(event["status"] == (event["subject"] == "engine-1" ? "counted" : "unmatched"))
      #expect(event["time"] == "2013-01-05T08:00:00Z")
    }
    let usage = try desk.usage()
    #expect(usage == "300 s of 5 events")
  }
}
