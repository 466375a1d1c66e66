import YAML

/// Something wrong with a file, where a person finds it.
struct CatalogComplaint: Hashable, Comparable {
  let file: String
  let place: TextPlace
  /// The field, as a pointer; empty where it is the file itself.
  let pointer: String
  let detail: String

  /// As compilers say it, so that editors find the place.
  var text: String {
    let field = pointer.isEmpty ? "" : "\(pointer): "
    return "\(file):\(place.line):\(place.column): \(field)\(detail)"
  }

  static func < (left: CatalogComplaint, right: CatalogComplaint) -> Bool {
    (left.file, left.place, left.pointer, left.detail)
      < (right.file, right.place, right.pointer, right.detail)
  }
}

/// Everything that is wrong with the files of a catalog, in the order in which they are read.
struct CatalogComplaints: Error {
  let list: [CatalogComplaint]

  init(_ list: [CatalogComplaint]) { self.list = list.sorted() }

  var text: String {
    let count = list.count == 1 ? "One thing is" : "\(list.count) things are"
    return list.map { $0.text + "\n" }.joined() + "\(count) wrong; nothing was changed.\n"
  }
}
