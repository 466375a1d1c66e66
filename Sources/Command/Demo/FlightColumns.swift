import Base

/// A scheduled flight of the demo, flown or not.
///
/// Carrier, number and date name it: no two flights of the columns have all three in common.
struct Flight: Hashable {
  let carrier: String
  let number: Int
  /// The day of the scheduled departure, on the calendar of the origin.
  let date: CivilDate
  /// Minutes since midnight, on the clock of the origin.
  let scheduledMinute: Int
  /// Nil where no aircraft was recorded.
  let tail: String?
  let origin: String
  let destination: String
  /// Nil where the flight was cancelled or diverted.
  let airMinutes: Int?
  /// Nil where the aircraft is unknown, or its engines are.
  let engines: Int?
}

/// Reads the columns that `Scripts/reduce-flights.py` writes; the README beside this file
/// describes them.
enum FlightColumns {
  /// The columns of the text in their order; the first word of each line.
  enum Column: String, CaseIterable {
    case carrier, flight, date, departure, origin, destination, minutes, tail, known, engines
  }

  /// Where the text stops being what it should be.
  struct Malformed: Error, Hashable {
    let column: Column
    /// Counted from zero; nil where the column as a whole is wrong.
    var row: Int?
    let detail: String
  }

  /// What the text holds at most, for whoever inflates it.
  static let byteCountMax = 1_000_000
  /// The flights of the columns are of this year, which the text does not repeat.
  static let year = 2013

  static func flights(in text: [UInt8]) throws(Malformed) -> [Flight] {
    let columns = try Columns(text)
    let carriers = try columns.values(.carrier, word)
    let count = carriers.count
    let numbers = try columns.values(.flight, of: count, number)
    let dates = try columns.values(.date, of: count, date)
    let minutesOfDay = try columns.values(.departure, of: count, minuteOfDay)
    let origins = try columns.values(.origin, of: count, word)
    let destinations = try columns.values(.destination, of: count, word)
    let airMinutes = try columns.values(.minutes, of: count, absent(or: number))
    let tails = try columns.values(.tail, of: count, absent(or: word))
    let engines = try enginesByTail(columns)
    return (0..<count).map { row in
      Flight(
        carrier: carriers[row], number: numbers[row], date: dates[row],
        scheduledMinute: minutesOfDay[row], tail: tails[row], origin: origins[row],
        destination: destinations[row], airMinutes: airMinutes[row],
        engines: tails[row].flatMap { tail in engines[tail] })
    }
  }

  private static func enginesByTail(_ columns: Columns) throws(Malformed) -> [String: Int] {
    let tails = try columns.values(.known, word)
    let counts = try columns.values(.engines, of: tails.count, number)
    var engines: [String: Int] = [:]
    for (row, tail) in tails.enumerated() {
      guard engines.updateValue(counts[row], forKey: tail) == nil else {
        throw Malformed(column: .known, row: row, detail: "\(tail) comes twice")
      }
    }
    return engines
  }
}

/// The lines of the text, each checked to be the column that stands there, without its name.
private struct Columns {
  private let lines: [ArraySlice<UInt8>]

  init(_ text: [UInt8]) throws(FlightColumns.Malformed) {
    var lines: [ArraySlice<UInt8>] = []
    let found = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, column) in FlightColumns.Column.allCases.enumerated() {
      let name = Array("\(column.rawValue) ".utf8)
      guard index < found.count, found[index].starts(with: name) else {
        throw FlightColumns.Malformed(column: column, detail: "line \(index + 1) is not it")
      }
      lines.append(found[index].dropFirst(name.count))
    }
    // The end of the last line opens one more, which is empty.
    guard found.count == lines.count + 1, found.last?.isEmpty == true else {
      throw FlightColumns.Malformed(column: .engines, detail: "it is not the last line")
    }
    self.lines = lines
  }

  /// Every value of a column, where `=` repeats the one before; `read` gives nil for a bad one.
  func values<Value>(
    _ column: FlightColumns.Column, of count: Int? = nil,
    _ read: (ArraySlice<UInt8>) -> Value?
  ) throws(FlightColumns.Malformed) -> [Value] {
    let index = FlightColumns.Column.allCases.firstIndex(of: column)!
    let words = lines[index].split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard count == nil || count == words.count else {
      throw FlightColumns.Malformed(
        column: column, detail: "it has \(words.count) values instead of \(count!)")
    }
    var values: [Value] = []
    values.reserveCapacity(words.count)
    for (row, word) in words.enumerated() {
      let value = word.elementsEqual("=".utf8) ? values.last : read(word)
      guard let value else {
        let text = String(decoding: word, as: UTF8.self)
        throw FlightColumns.Malformed(column: column, row: row, detail: "cannot read `\(text)`")
      }
      values.append(value)
    }
    return values
  }
}

/// A code of capital letters and digits, such as `9E`, `JFK` or `N668DN`.
private func word(_ bytes: ArraySlice<UInt8>) -> String? {
  guard (1...8).contains(bytes.count),
    bytes.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) })
  else { return nil }
  return String(decoding: bytes, as: UTF8.self)
}

/// At most four digits: no flight number, and no flight in minutes, is longer.
private func number(_ bytes: ArraySlice<UInt8>) -> Int? {
  guard (1...4).contains(bytes.count) else { return nil }
  var number = 0
  for byte in bytes {
    guard (48...57).contains(byte) else { return nil }
    number = number * 10 + Int(byte - 48)
  }
  return number
}

/// `03-02`, a day of the year of the columns.
private func date(_ bytes: ArraySlice<UInt8>) -> CivilDate? {
  guard bytes.count == 5, bytes.dropFirst(2).first == UInt8(ascii: "-"),
    let month = number(bytes.prefix(2)), let day = number(bytes.suffix(2))
  else { return nil }
  return CivilDate(year: FlightColumns.year, month: month, day: day)
}

/// `1427` on a clock of 24 hours.
private func minuteOfDay(_ bytes: ArraySlice<UInt8>) -> Int? {
  guard bytes.count == 4, let clock = number(bytes), clock < 2400, clock % 100 < 60 else {
    return nil
  }
  return clock / 100 * 60 + clock % 100
}

/// `-` stands for what the published rows do not say.
private func absent<Value>(
  or read: @escaping (ArraySlice<UInt8>) -> Value?
) -> (ArraySlice<UInt8>) -> Value?? {
  { bytes in
    guard bytes.elementsEqual("-".utf8) else { return read(bytes).map(Optional.some) }
    return .some(nil)
  }
}
