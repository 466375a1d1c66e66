import Base
import GRDB
import Metering

/// The buckets of one group of a meter, or of the whole meter where it has no groups. They are
/// numbered like a name: that of the meter, with the group behind it.
struct MeterSeries {
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
    _ reading: Reading, _ state: CatalogState, _ names: inout Names, _ db: Database
  ) throws {
    try self.init(
      of: state.meters.meters[reading.meter], group: reading.group, &names, db)
  }

  init(
    of meter: MeterDefinition, group: String, _ names: inout Names, _ db: Database
  ) throws {
    let name = group.isEmpty ? meter.key.text : "\(meter.key) \(group)"
    self.init(try names.number(name, db), meter, group: group)
  }

  /// Every series a meter may have buckets in.
  static func all(of meter: MeterDefinition, _ db: Database) throws -> [MeterSeries] {
    guard !meter.groupBy.isEmpty else {
      return try Names.find(meter.key.text, db).map { [MeterSeries($0, meter, group: "")] } ?? []
    }
    return try named(of: meter, db)
  }

  /// The same, and those of groups it had before it was changed.
  static func ever(of meter: MeterDefinition, _ db: Database) throws -> [Int64] {
    try [Names.find(meter.key.text, db)].compactMap(\.self) + named(of: meter, db).map(\.number)
  }

  private static func named(
    of meter: MeterDefinition, _ db: Database
  ) throws -> [MeterSeries] {
    // A key has no space in it. Behind a bracket comes, in the order of bytes, a backslash.
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT id, text FROM name WHERE text >= ? AND text < ?"),
      arguments: ["\(meter.key) [", "\(meter.key) \\"])
    return rows.map { row in
      let text: String = row[1]
      return MeterSeries(
        row[0], meter, group: String(text.dropFirst(meter.key.text.utf8.count + 1)))
    }
  }
}
