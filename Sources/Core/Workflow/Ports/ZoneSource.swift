package import Base

/// The rules of time zones by their names.
package protocol ZoneSource: Sendable {
  /// A fault if nobody knows the zone, or its file is damaged.
  func rules(_ zone: String) throws(Fault) -> ZoneRules
}
