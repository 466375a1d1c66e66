import ArgumentParser
import Base
import Console
import Foundation
import Ingestion
import YAML

/// The files of a catalog, read as one document that knows where each of its parts stands.
struct CatalogFiles {
  private static let filesMax = 10_000
  private static let bytesMax = 32 << 20
  private static let endings: Set = ["yaml", "yml", "json"]

  let document: JSON
  private var origins = Origins()

  init(_ paths: [String]) throws {
    var complaints: [CatalogComplaint] = []
    var sections: [(name: String, members: [JSON.Member])] = []
    for path in try CatalogFiles.all(paths) {
      do throws(CatalogComplaints) {
        let file = try CatalogFile(path, bytesMax: Self.bytesMax)
        for section in file.sections {
          let place = sections.firstIndex { $0.name == section.name } ?? sections.count
          if place == sections.count { sections.append((section.name, [])) }
          for member in section.members {
            let pointer = JSON.pointerStep(section.name) + JSON.pointerStep(member.name)
            if let other = origins.file(of: pointer) {
              complaints.append(
                file.complaint("it stands in \(other.path) too", at: pointer, byName: true))
            } else {
              sections[place].members.append(member)
              origins.note(file, for: pointer)
            }
          }
          origins.note(file, for: JSON.pointerStep(section.name))
        }
      } catch {
        complaints += error.list
      }
    }
    guard complaints.isEmpty else { throw CatalogComplaints(complaints) }
    document = .object(sections.map { JSON.Member($0.name, .object($0.members)) })
  }

  /// The faults of the document, each where it stands in the files.
  func complaints(_ faults: [Fault]) -> CatalogComplaints {
    CatalogComplaints(
      faults.map { fault in
        guard let file = origins.file(around: fault.pointer) else {
          return CatalogComplaint(
            file: "catalog", place: TextPlace(line: 1, column: 1), pointer: fault.pointer,
            detail: fault.detail)
        }
        return file.complaint(
          fault.detail, at: fault.pointer, byName: fault.code == .unknownField)
      })
  }

  /// Which file says what, by pointers of one or two steps.
  private struct Origins {
    private var files: [String: CatalogFile] = [:]

    mutating func note(_ file: CatalogFile, for pointer: String) {
      if files[pointer] == nil { files[pointer] = file }
    }

    func file(of pointer: String) -> CatalogFile? { files[pointer] }

    func file(around pointer: String) -> CatalogFile? {
      let steps = pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
      for count in [2, 1] {
        if let file = files[steps.prefix(count).map { "/" + $0 }.joined()] { return file }
      }
      return nil
    }
  }

  /// In the order of their names, for people who look at what is said about them.
  private static func all(_ paths: [String]) throws -> [String] {
    var files: [String] = []
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw CommandRefusal(EX_NOINPUT, "there is no \(path); correct the path")
      }
      guard isFolder.boolValue else {
        files.append(path)
        continue
      }
      let names = try FileManager.default.subpathsOfDirectory(atPath: path).filter { name in
        let steps = name.split(separator: "/")
        return !steps.contains { $0.hasPrefix(".") }
          && endings.contains(URL(filePath: name).pathExtension.lowercased())
      }
      guard !names.isEmpty else {
        throw CommandRefusal(
          EX_NOINPUT, "there is no YAML in \(path); name a folder that holds some")
      }
      files += names.sorted().map { URL(filePath: path).appending(path: $0).relativePath }
    }
    guard files.count <= filesMax else {
      throw ValidationError("a catalog has at most \(filesMax) files")
    }
    return files
  }
}
