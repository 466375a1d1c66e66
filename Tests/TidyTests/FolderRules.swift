/// How much a folder may hold: its listing is read as a table of contents.
enum FolderRules {
  static let filesMax = 25

  /// Of folders of sources, by the Swift files that lie in each itself.
  static func files(in tree: [SourceFile]) -> [Violation] {
    let folders = Dictionary(grouping: tree) { file in
      file.path.split(separator: "/").dropLast().joined(separator: "/")
    }
    return folders.sorted { $0.key < $1.key }.compactMap { folder, files in
      guard files.count > filesMax else { return nil }
      return Violation(path: folder, "\(files.count) files, over \(filesMax)")
    }
  }
}
