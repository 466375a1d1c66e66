package import Base

/// Which column of a CSV text becomes which attribute of an event. A document like those of the
/// catalog; openapi.yaml and the README show one.
package struct CSVMapping: Hashable, Sendable {
  /// What all rows share, or what each says by itself.
  package enum Part: Hashable, Sendable {
    case constant(String)
    case column(String)
  }

  /// The columns whose cells, joined, name an event of its source.
  package struct Identity: Hashable, Sendable {
    package let columns: [String]
    package let joiner: String
  }

  package struct Time: Hashable, Sendable {
    package let column: String
    package let format: TimeFormat
  }

  package enum TimeFormat: Hashable, Sendable {
    case rfc3339, epochSeconds, epochMilliseconds
    /// What clocks of a zone showed; by its IANA name.
    case local(LocalTimePattern, zone: String, twice: Twice)
  }

  /// Which of the two moments is meant where clocks that are put back show a time twice.
  package enum Twice: String, CaseIterable, Sendable {
    case refuse, first, second
  }

  /// One member of `data`.
  package struct Figure: Hashable, Sendable {
    package let name: String
    package let column: String
    package let kind: Kind
    /// How numbers are written; nil where it is as JSON has them.
    package let decimal: DecimalStyle?
  }

  package enum Kind: String, CaseIterable, Sendable {
    case text, number, boolean
  }

  package let delimiter: UInt8
  /// How many lines stand above the header.
  package let skipLines: Int
  package let source: Part
  package let identity: Identity
  package let type: Part
  package let subject: Part?
  package let time: Time
  package let data: [Figure]

  /// The zone whose clocks the times are of; nil where they say their own.
  package var zone: String? {
    guard case .local(_, let zone, _) = time.format else { return nil }
    return zone
  }

  static let columnsMax = 16
  static let figuresMax = 100

  package init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let delimiter = fields.optional("delimiter", Node.delimiter)
    let skipLines = fields.optional("skipLines", Node.lineCount)
    let source = fields.required("source", all: Part.init)
    let identity = fields.required("id", all: Identity.init)
    let type = fields.required("type", all: Part.init)
    let subject = fields.optional("subject", all: Part.init)
    let time = fields.required("time", all: Time.init)
    let data = fields.optional("data", all: Figure.list)
    guard fields.isValid, let source, let identity, let type, let time else {
      throw fields.failure
    }
    self.delimiter = delimiter ?? UInt8(ascii: ",")
    self.skipLines = skipLines ?? 0
    self.source = source
    self.identity = identity
    self.type = type
    self.subject = subject
    self.time = time
    self.data = data ?? []
  }
}

extension CSVMapping.Part {
  fileprivate init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let constant = fields.optional("constant", Node.label)
    let column = fields.optional("column", Node.label)
    if fields.isValid, (constant == nil) == (column == nil) {
      fields.refuse(constant == nil ? "column" : "constant", "expected `constant` or `column`")
    }
    guard fields.isValid else { throw fields.failure }
    self = constant.map(Self.constant) ?? .column(column!)
  }
}

extension CSVMapping.Identity {
  fileprivate init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let columns = fields.required(
      "columns", all: Node.list(each: Node.label, countMax: CSVMapping.columnsMax))
    let joiner = fields.optional("joiner", Node.label)
    if let columns, columns.isEmpty { fields.refuse("columns", "an event needs a name") }
    guard fields.isValid, let columns else { throw fields.failure }
    self.columns = columns
    self.joiner = joiner ?? "|"
  }
}

extension CSVMapping.Time {
  fileprivate init(_ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let column = fields.required("column", Node.label)
    let format = fields.optional("format", Node.label)
    let zone = fields.optional("zone", Node.label)
    let twice = fields.optional("twice", Node.word) as CSVMapping.Twice?
    let named = CSVMapping.TimeFormat.named[format ?? "rfc3339"]
    if let format, named == nil {
      if LocalTimePattern(format) == nil { fields.refuse("format", LocalTimePattern.wanted) }
      if zone == nil { fields.refuse("zone", "local times need the zone of their clocks") }
    } else if zone != nil || twice != nil {
      fields.refuse(
        zone == nil ? "twice" : "zone",
        "these times say their zone themselves; it goes with a "
          + "`format` such as dd.MM.yyyy HH:mm")
    }
    guard fields.isValid, let column else { throw fields.failure }
    self.column = column
    if let named {
      self.format = named
    } else if let pattern = format.flatMap({ LocalTimePattern($0) }), let zone {
      self.format = .local(pattern, zone: zone, twice: twice ?? .refuse)
    } else {
      throw fields.failure
    }
  }
}

extension CSVMapping.TimeFormat {
  fileprivate static let named: [String: Self] = [
    "rfc3339": .rfc3339, "epochSeconds": .epochSeconds, "epochMilliseconds": .epochMilliseconds,
  ]
}

extension CSVMapping.Figure {
  /// The members of an object, each under its name.
  fileprivate static func list(_ node: Node) throws(Faults) -> [CSVMapping.Figure] {
    guard case .object(let members) = node.json, members.count <= CSVMapping.figuresMax else {
      throw Faults([node.fault("an object of at most \(CSVMapping.figuresMax) members")])
    }
    var faults: [Fault] = []
    var figures: [CSVMapping.Figure] = []
    for member in members {
      let place = node.pointer + JSON.pointerStep(member.name)
      do throws(Faults) {
        figures.append(try CSVMapping.Figure(member.name, Node(member.value, at: place)))
      } catch {
        faults += error.list
      }
    }
    guard faults.isEmpty else { throw Faults(faults) }
    return figures
  }

  private init(_ name: String, _ node: Node) throws(Faults) {
    var fields = try FieldReader(node)
    let column = fields.required("column", Node.label)
    let kind = fields.optional("kind", Node.word) as CSVMapping.Kind?
    let point = fields.optional("decimal", Node.word) as DecimalStyle.Point?
    let group = fields.optional("thousands", DecimalStyle.readGroup)
    if kind != .number, point != nil || group != nil {
      fields.refuse(point == nil ? "thousands" : "decimal", "only a `number` is written so")
    }
    if let group, group == (point ?? .point).scalar {
      fields.refuse("thousands", "the decimal sign cannot separate thousands as well")
    }
    guard fields.isValid, let column else { throw fields.failure }
    self.name = name
    self.column = column
    self.kind = kind ?? .text
    decimal =
      point == nil && group == nil
      ? nil : DecimalStyle(point: point ?? .point, group: group)
  }
}

extension Node {
  /// As a number, or as text: a mapping in YAML holds names alone.
  fileprivate static func lineCount(_ node: Node) throws(Fault) -> Int {
    switch node.json {
    case .number(let text), .string(let text):
      if let count = Int(text), (0...1000).contains(count) { return count }
    default: break
    }
    throw node.fault("a whole number from 0 to 1000")
  }

  fileprivate static func delimiter(_ node: Node) throws(Fault) -> UInt8 {
    let bytes = Array(try text(node).utf8)
    guard bytes.count == 1, let byte = bytes.first, byte < 0x80,
      !"\"\r\n".utf8.contains(byte)
    else { throw node.fault("one character, such as a comma, a semicolon or a tab") }
    return byte
  }
}
