import Base
import Ingestion
import TestSupport
import Testing

@Suite struct CSVReaderTests {
  @Test(
    arguments: [
      ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
      ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
      ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
      ("\u{FEFF}a,b\n", [["a", "b"]]),
      ("\u{FEFF}\"a\",b\n", [["a", "b"]]),
      ("\n\r\na\n\n\nb\n\n", [["a"], ["b"]]),
      ("a,,\n,,\n", [["a", "", ""], ["", "", ""]]),
      ("\"\"\n\"\"", [[""], [""]]),
      ("\"a,b\",\"c\"\"d\",\"\"\"\"\n", [["a,b", "c\"d", "\""]]),
      ("\"two\nlines\",\"and\r\nmore\"\nx,y\n", [["two\nlines", "and\r\nmore"], ["x", "y"]]),
      (" a , b \n", [[" a ", " b "]]),
      ("€,ö\n", [["€", "ö"]]),
      ("", []), ("\n", []), ("\r\n", []), ("\u{FEFF}", []), ("a\r", [["a"]]),
    ] as [(String, [[String]])])
  func rowsAreReadAsRFC4180Says(text: String, wanted: [[String]]) throws {
    // In one piece, and byte by byte: pieces never show.
    for size in [1 << 20, 1, 2, 3, 5] {
      #expect(try rows(Array(text.utf8), size: size).map(\.texts) == wanted)
    }
  }

  @Test(arguments: [";", "\t", "|"] as [Character])
  func anotherSignMayPartTheCells(delimiter: Character) throws {
    let text = "a\(delimiter)1,5\(delimiter)\"x\(delimiter)y\"\n"
    #expect(
      try rows(Array(text.utf8), delimiter: delimiter).map(\.texts)
        == [["a", "1,5", "x\(delimiter)y"]])
  }

  @Test func everyRowKnowsItsLineAndWhereItEnds() throws {
    let text = Array("\u{FEFF}a,b\r\n\n\"x\n\ny\",z\n1,2".utf8)
    let rows = try rows(text, size: 4)
    #expect(rows.map(\.line) == [1, 3, 6])
    #expect(rows.map(\.end) == [8, 18, 21])
    #expect(text.count == 21)
    // So a reader can go on from there.
    #expect(try IngestionTests.rows(Array(text[18...])).map(\.texts) == [["1", "2"]])
  }

  @Test(arguments: [
    ("a,b\n1,x\"y\n", "line 2, column 2: a quote inside a cell that began without one"),
    ("a,b\n\"1\"x,2\n", "line 2, column 1: something behind a closing quote"),
    ("a\n\"b\n\nc", "the row of lines 2 to 4, column 1: a quote that is never closed"),
    ("a,\"", "line 1, column 2: a quote that is never closed"),
    ("a\rb\n", "line 1, column 1: a carriage return with no line feed behind it"),
  ])
  func aSignOutOfPlaceEndsTheReading(text: String, detail: String) {
    for size in [1 << 20, 1] {
      let fault = fault { try rows(Array(text.utf8), size: size) }
      #expect(fault?.code == .malformedDocument)
      #expect(fault?.detail == detail)
    }
  }

  @Test func whatCameBeforeTheFaultIsGood() throws {
    var reader = CSVReader()
    reader.append(Array("a\nb\n\"c\"d\ne\n".utf8))
    #expect(try reader.next()?.texts == ["a"])
    #expect(try reader.next()?.texts == ["b"])
    for _ in 0..<2 {
      #expect(fault { try reader.next() }?.code == .malformedDocument)
    }
  }

  @Test func textOfSixteenBitsIsNamed() {
    for mark in [[0xFE, 0xFF], [0xFF, 0xFE]] as [[UInt8]] {
      #expect(fault { try rows(mark + [0, 0x61, 0, 0x0A]) }?.detail.contains("UTF-16") == true)
    }
  }

  @Test func aRowIsBounded() {
    let long = [UInt8](repeating: 0x61, count: CSVReader.rowBytesMax)
    #expect(fault { try rows(long + [0x0A]) }?.code == .limitExceeded)
    // A lost quote swallows lines only up to the bound.
    let swallowed = Array("\"".utf8) + (0..<400_000).flatMap { _ in Array("a,b\n".utf8) }
    #expect(fault { try rows(swallowed) }?.code == .limitExceeded)
    let wide = [UInt8](repeating: 0x2C, count: CSVReader.cellsMax)
    #expect(fault { try rows(wide) }?.code == .limitExceeded)
  }

  /// Whatever comes, in whatever pieces: the same rows or the same fault, and never a trap.
  @Test func hostileTextIsReadTheSameInAnyPieces() {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    let signs: [UInt8] = Array("a\",\n\r\u{FEFF}é".utf8) + [0x00, 0xFF]
    for _ in 0..<20_000 {
      let text = (0..<random.number(0...12)).map { _ in random.pick(signs) }
      let size = random.number(1...5)
      #expect(outcome(text, size: 1 << 20) == outcome(text, size: size), "\(text)")
    }
  }

  private func outcome(_ text: [UInt8], size: Int) -> Result<[CSVRow], Fault> {
    do { return .success(try rows(text, size: size)) } catch { return .failure(error as! Fault) }
  }

  /// A row is read back as it was written, whatever its cells hold.
  @Test func whatIsWrittenIsReadBack() throws {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    let signs: [Character] = ["a", "\"", ",", "\n", "\r\n", "\r", " ", "ö", "\u{FEFF}"]
    for _ in 0..<2_000 {
      let cells = (0..<random.number(2...4)).map { _ in
        String((0..<random.number(0...4)).map { _ in random.pick(signs) })
      }
      let line = cells.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",")
      let read = try rows(Array(line.utf8)).first?.cells
      #expect(read == cells.map { Array($0.utf8) })
    }
  }
}
