import Base
import GRDB
import Metering
import Workflow

/// The buckets of one group of a meter, or of the whole meter where it has no groups. They are
/// numbered like a name: that of the version of the meter, with the group behind it.
struct BucketSeries {
  let number: Int64
  let meter: MeterDefinition
  /// As in `Reading`.
  let group: String

  private init(_ number: Int64, _ meter: MeterDefinition, group: String) {
    self.number = number
    self.meter = meter
    self.group = group
  }

  /// Where a reading goes; a group that nobody has seen before gets its number here.
  init(
    _ reading: Reading, _ state: CatalogState, _ names: inout TextInterner, _ db: Database
  ) throws {
    try self.init(
      state.series[reading.meter], of: state.meters.meters[reading.meter], group: reading.group,
      &names, db)
  }

  init(
    _ name: String, of meter: MeterDefinition, group: String, _ names: inout TextInterner,
    _ db: Database
  ) throws {
    let number = try names.number(group.isEmpty ? name : "\(name) \(group)", db)
    self.init(number, meter, group: group)
  }

  /// Every series a meter may have buckets in, as it serves.
  static func all(of meter: MeterDefinition, _ db: Database) throws -> [BucketSeries] {
    let name = try MeterBackfill.series(of: meter, db)
    guard !meter.groupBy.isEmpty else {
      return try TextInterner.find(name, db).map { [BucketSeries($0, meter, group: "")] } ?? []
    }
    return try groups(of: name, db).map { BucketSeries($0, meter, group: $1) }
  }

  /// The numbers of the series of that name and of its groups.
  static func numbers(of name: String, _ db: Database) throws -> [Int64] {
    try [TextInterner.find(name, db)].compactMap(\.self) + groups(of: name, db).map(\.number)
  }

  /// Names that are something else beside have no buckets; they do no harm here.
  private static func groups(
    of name: String, _ db: Database
  ) throws -> [(number: Int64, group: String)] {
    // Behind a bracket comes, in the order of bytes, a backslash.
    try Row.fetchAll(
      db.cachedStatement(sql: "SELECT id, text FROM name WHERE text >= ? AND text < ?"),
      arguments: ["\(name) [", "\(name) \\"]
    ).map { row in
      let text: String = row[1]
      return (row[0], String(text.dropFirst(name.count + 1)))
    }
  }
}
