import Base
import Foundation
import Ingestion
import YAML

/// One file of a catalog.
struct CatalogFile {
  let path: String
  private(set) var sections: [(name: String, members: [JSON.Member])] = []
  private let text: YAMLDocument

  init(_ path: String, bytesMax: Int) throws(CatalogComplaints) {
    self.path = path
    let start = TextPlace(line: 1, column: 1)
    func unreadable(_ detail: String, at place: TextPlace) -> CatalogComplaint {
      CatalogComplaint(file: path, place: place, pointer: "", detail: detail)
    }
    guard let data = FileManager.default.contents(atPath: path), data.count <= bytesMax,
      let string = String(data: data, encoding: .utf8)
    else {
      throw CatalogComplaints([
        unreadable("not a text in UTF-8 of at most \(bytesMax) bytes", at: start)
      ])
    }
    do throws(YAMLFaults) {
      text = try YAMLDocument(string)
    } catch {
      throw CatalogComplaints(error.list.map { unreadable($0.detail, at: $0.place) })
    }
    var faults: [CatalogComplaint] = []
    switch text.json {
    case .null: break
    case .object(let members):
      for member in members {
        let pointer = JSON.pointerStep(member.name)
        switch member.value {
        case .null: sections.append((member.name, []))
        case .object(let members):
          sections.append((member.name, members.map { withTable($0, pointer, &faults) }))
        default: faults.append(complaint("expected keys, each with a document", at: pointer))
        }
      }
    default: faults.append(complaint("expected sections, such as `customers:`", at: ""))
    }
    guard faults.isEmpty else { throw CatalogComplaints(faults) }
  }

  func complaint(_ detail: String, at pointer: String, byName: Bool = false) -> CatalogComplaint {
    CatalogComplaint(
      file: path, place: text.place(of: pointer, byName: byName), pointer: pointer, detail: detail)
  }

  /// The publications of an index series that stand in a table beside the file.
  private func withTable(
    _ member: JSON.Member, _ section: String, _ faults: inout [CatalogComplaint]
  ) -> JSON.Member {
    guard section == "/indexSeries", case .object(let fields) = member.value,
      let name = member.value["publications"]?.stringValue
    else { return member }
    let pointer = section + JSON.pointerStep(member.name) + "/publications"
    let url = URL(filePath: path).deletingLastPathComponent().appending(path: name)
    do throws(Fault) {
      guard let data = FileManager.default.contents(atPath: url.path) else {
        throw Fault(.invalidValue, "there is no \(name) beside this file")
      }
      let table = try PublicationTable.json(Array(data))
      return JSON.Member(
        member.name,
        .object(fields.map { $0.name == "publications" ? JSON.Member($0.name, table) : $0 }))
    } catch {
      faults.append(complaint("\(name): \(error.detail)", at: pointer))
      return member
    }
  }
}
