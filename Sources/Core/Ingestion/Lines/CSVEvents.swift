package import Base

/// Writes the rows of one CSV text as CloudEvents in the JSON format, which then go the way of all
/// events: through `EventScanner`. A row that cannot be an event is a fault of its own.
package struct CSVEvents: Sendable {
  /// A column, and the name it has in the header.
  private struct Column {
    let index: Int
    let name: String
  }

  private enum Source {
    case constant(JSON)
    case column(Column)
  }

  private let header: CSVRow
  private let mapping: CSVMapping
  private let source: Source
  private let type: Source
  private let subject: Source?
  private let identity: [Column]
  private let time: Column
  private let figures: [(figure: CSVMapping.Figure, column: Column)]
  /// Whose clocks the times are of.
  private let zone: ZoneRules

  /// Looks the columns up; each that is missing, or there twice, is reported. `zone` is the one
  /// that the mapping names.
  package init(
    _ mapping: CSVMapping, header: CSVRow, zone: ZoneRules = .utc
  ) throws(Faults) {
    self.zone = zone
    var lookup = Lookup(header)
    self.header = header
    self.mapping = mapping
    let source = lookup.source(mapping.source, "/source")
    let type = lookup.source(mapping.type, "/type")
    subject = mapping.subject.flatMap { lookup.source($0, "/subject") }
    identity = mapping.identity.columns.enumerated().compactMap { index, name in
      lookup.column(name, "/id/columns/\(index)")
    }
    let time = lookup.column(mapping.time.column, "/time/column")
    figures = mapping.data.compactMap { figure in
      lookup.column(figure.column, "/data\(JSON.pointerStep(figure.name))/column").map {
        (figure, $0)
      }
    }
    guard lookup.faults.isEmpty, let source, let type, let time else {
      throw Faults(lookup.faults)
    }
    self.source = source
    self.type = type
    self.time = time
  }

  /// The event of `row` as one JSON object. A fault says the line and, where it is one, the column.
  package func event(_ row: CSVRow) throws(Fault) -> [UInt8] {
    guard row.cells.count == header.cells.count else {
      throw Fault(
        .malformedDocument,
        """
        line \(row.line): expected \(header.cells.count) cells, as in the header, but found \
        \(row.cells.count)
        """)
    }
    let members: KeyValuePairs<String, JSON?> = [
      "specversion": "1.0",
      "id": .string(try name(row)),
      "source": try attribute(source, row, "/source"),
      "type": try attribute(type, row, "/type"),
      "subject": try subject.flatMap { (part) throws(Fault) in
        try attribute(part, row, "/subject")
      },
      "time": .string(try moment(row)),
      "data": try data(row),
    ]
    return JSON.object(members).bytes
  }

  private func attribute(
    _ source: Source, _ row: CSVRow, _ pointer: String
  ) throws(Fault) -> JSON? {
    switch source {
    case .constant(let text): return text
    case .column(let column):
      let text = try text(row, column, pointer)
      return text.isEmpty ? nil : .string(text)
    }
  }

  /// Two rows must never come by one name by accident: no part may be missing or hold the joiner.
  private func name(_ row: CSVRow) throws(Fault) -> String {
    var parts: [String] = []
    for column in identity {
      let part = try text(row, column, "/id")
      guard !part.isEmpty else { throw fault(row, column, "/id", "is empty") }
      let joiner = mapping.identity.joiner
      guard identity.count == 1 || !part.contains(bytesOf: joiner) else {
        throw fault(row, column, "/id", "holds `\(joiner)`, which joins the parts of an id")
      }
      parts.append(part)
    }
    return parts.joined(separator: mapping.identity.joiner)
  }

  private func moment(_ row: CSVRow) throws(Fault) -> String {
    let text = try text(row, time, "/time")
    switch mapping.time.format {
    case .rfc3339:
      guard Instant(text) != nil else {
        throw fault(row, time, "/time", "is not a time of RFC 3339, as 2013-01-01T06:00:00-05:00")
      }
      return text
    case .epochSeconds: return try moment(row, text, places: 6)
    case .epochMilliseconds: return try moment(row, text, places: 3)
    case .local(let pattern, _, let twice): return try moment(row, text, pattern, twice)
    }
  }

  /// What the clocks showed; a time that they showed twice or never is refused, unless the mapping
  /// says which of two is meant.
  private func moment(
    _ row: CSVRow, _ text: String, _ pattern: LocalTimePattern, _ twice: CSVMapping.Twice
  ) throws(Fault) -> String {
    guard let (day, second) = pattern.read(text) else {
      throw fault(row, time, "/time", "is not a time as the mapping's `format` writes it")
    }
    let instants = zone.instants(day, secondOfDay: second)
    guard let first = instants.first, let last = instants.last else {
      throw fault(
        row, time, "/time", "is a time that clocks in \(zone.name) never showed: they jump over it")
    }
    switch twice {
    case .first: return first.description
    case .second: return last.description
    case .refuse:
      guard instants.count == 1 else {
        throw fault(
          row, time, "/time",
          "is a time that clocks in \(zone.name) showed twice, at \(first) and at \(last); "
            + "say `twice: first` or `twice: second` in the mapping")
      }
      return first.description
    }
  }

  private func moment(_ row: CSVRow, _ text: String, places: Int) throws(Fault) -> String {
    guard let number = DecimalText(text.utf8)?.units(places: places),
      let instant = Int64(exactly: number).flatMap(Instant.init(microsecondsSinceEpoch:))
    else {
      throw fault(row, time, "/time", "is not a time of the years 1 to 9999, to the microsecond")
    }
    return instant.description
  }

  private func data(_ row: CSVRow) throws(Fault) -> JSON? {
    guard !figures.isEmpty else { return nil }
    var members: [JSON.Member] = []
    for (figure, column) in figures {
      let pointer = "/data\(JSON.pointerStep(figure.name))"
      let text = try text(row, column, pointer)
      guard !text.isEmpty else { continue }
      switch figure.kind {
      case .text: members.append(.init(figure.name, .string(text)))
      case .number:
        members.append(.init(figure.name, try number(text, figure, row, column, pointer)))
      case .boolean:
        guard let flag = ["true": true, "false": false][text.lowercased()] else {
          throw fault(row, column, pointer, "is neither true nor false")
        }
        members.append(.init(figure.name, .bool(flag)))
      }
    }
    return .object(members)
  }

  private func number(
    _ text: String, _ figure: CSVMapping.Figure, _ row: CSVRow, _ column: Column, _ pointer: String
  ) throws(Fault) -> JSON {
    guard let style = figure.decimal else {
      guard text.isNumberOfJSON else {
        throw fault(row, column, pointer, "is not a number, such as 1250.75")
      }
      return .number(text)
    }
    guard let plain = style.plain(text), plain.isNumberOfJSON else {
      let sample = style.point == .comma ? "1250,75" : "1250.75"
      throw fault(row, column, pointer, "is not a number, such as \(sample)")
    }
    return .number(plain)
  }

  private func text(_ row: CSVRow, _ column: Column, _ pointer: String) throws(Fault) -> String {
    guard let text = String(validating: row.cells[column.index], as: UTF8.self) else {
      throw fault(row, column, pointer, "is not UTF-8")
    }
    return text
  }

  private func fault(
    _ row: CSVRow, _ column: Column, _ pointer: String, _ detail: String
  ) -> Fault {
    let place = "line \(row.line), column \(column.index + 1) (`\(column.name)`)"
    return Fault(.invalidValue, "\(place): the cell \(detail)", at: pointer)
  }
}

extension CSVEvents {
  /// Finds columns by their names, and remembers what it did not find.
  private struct Lookup {
    private var places: [String: [Int]] = [:]
    private(set) var faults: [Fault] = []

    init(_ header: CSVRow) {
      for (index, cell) in header.cells.enumerated() {
        places[String(decoding: cell, as: UTF8.self), default: []].append(index)
      }
    }

    mutating func column(_ name: String, _ pointer: String) -> Column? {
      let found = places[name] ?? []
      guard found.count != 1 else { return Column(index: found[0], name: name) }
      let detail = found.isEmpty ? "has no column" : "has \(found.count) columns"
      faults.append(Fault(.unknownReference, "the header \(detail) `\(name)`", at: pointer))
      return nil
    }

    mutating func source(_ part: CSVMapping.Part, _ pointer: String) -> Source? {
      switch part {
      case .constant(let text): .constant(.string(text))
      case .column(let name): column(name, pointer + "/column").map(Source.column)
      }
    }
  }
}

extension String {
  /// As JSON writes numbers; within the limits that the scanner holds numbers to.
  fileprivate var isNumberOfJSON: Bool {
    let isWhole = try? JSONCursor.over(Array(utf8)) { (cursor) throws(Fault) in
      guard let first = utf8.first, JSONCursor.startsNumber(first) else { return false }
      _ = try cursor.number()
      return cursor.isAtEnd
    }
    return isWhole ?? false
  }

  /// By bytes: a joiner with an accent behind it is one character, and yet the joiner.
  fileprivate func contains(bytesOf other: String) -> Bool {
    utf8.indices.contains { utf8[$0...].starts(with: other.utf8) }
  }
}
