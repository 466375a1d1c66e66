// A program of its own, as ScannerFuzz.swift is. The bytes are rows below a header that is given.

import Base
import Ingestion

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCSV(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  let text = header + input
  let whole = Reading(of: text, pieceBytes: text.count)
  guard whole == Reading(of: text, pieceBytes: Int(input.first ?? 0) % 7 + 1) else {
    fatalError("pieces show")
  }
  guard let head = whole.rows.first, let events = try? CSVEvents(mapping, header: head) else {
    fatalError("the header is not read")
  }
  var end = head.end
  for row in whole.rows.dropFirst() {
    guard row.end > end, row.end <= text.count else { fatalError("rows overlap") }
    end = row.end
    do throws(Fault) {
      // What is written is JSON, and an event in all but the limits of its attributes.
      _ = try EventScanner.scan(try events.event(row), as: .single)
    } catch {
      guard error.code != .malformedJSON else { fatalError("a row became something else") }
    }
  }
  return 0
}

private let header = Array("a,b,at,number,text,flag\n".utf8)

private let mapping: CSVMapping = {
  let document = """
    {"source": {"constant": "s"}, "type": {"column": "text"}, "id": {"columns": ["a", "b"]},
     "subject": {"column": "a"}, "time": {"column": "at", "format": "epochSeconds"},
     "data": {"number": {"column": "number", "kind": "number"}, "text": {"column": "text"},
              "flag": {"column": "flag", "kind": "boolean"}}}
    """
  guard let json = try? JSON(parsing: Array(document.utf8)),
    let mapping = try? CSVMapping(Node(json))
  else { fatalError("the mapping is not read") }
  return mapping
}()

/// The rows of a text that comes in pieces, and the fault that ended it.
private struct Reading: Equatable {
  var rows: [CSVRow] = []
  var fault: Fault?

  init(of text: [UInt8], pieceBytes: Int) {
    var reader = CSVReader()
    do throws(Fault) {
      var rest = text[...]
      while !rest.isEmpty {
        reader.append(Array(rest.prefix(pieceBytes)))
        rest = rest.dropFirst(pieceBytes)
        while let row = try reader.next() { rows.append(row) }
      }
      reader.finish()
      while let row = try reader.next() { rows.append(row) }
    } catch {
      fault = error
    }
  }
}
