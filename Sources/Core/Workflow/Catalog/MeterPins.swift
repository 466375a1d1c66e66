package import Base
import Contracts
import Metering
import Settlement

/// By which versions of its meters a period is counted: those that serve or, where it is final,
/// those that its invoice names. A new version of a meter thus leaves alone what was billed by
/// another, unless the period was to be counted again.
package struct MeterPins: Hashable, Sendable {
  package static let serving = MeterPins(versions: [:])

  /// Of the meters of which another version serves.
  package let versions: [MeterKey: Int]

  package var areServing: Bool { versions.isEmpty }

  /// `named` are versions as a document has them.
  package init(_ named: JSON, _ state: CatalogState) throws {
    var versions: [MeterKey: Int] = [:]
    for (text, version) in Invoice.meterVersions(of: ["meters": named]) {
      let key = try MeterKey(text)
      if state.servingVersion(of: key) != version { versions[key] = version }
    }
    self.versions = versions
  }

  private init(versions: [MeterKey: Int]) { self.versions = versions }
}
