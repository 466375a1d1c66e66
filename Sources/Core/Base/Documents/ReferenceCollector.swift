/// Hears which keys a document speaks of while it is read, each with its place, so that they can be
/// looked for afterwards: also those of a document that turns out to be unreadable.
package final class ReferenceCollector {
  package struct Mention {
    package let kind: any KeyKind.Type
    package let key: String
    package let pointer: String
  }

  package private(set) var list: [Mention] = []

  package init() {}

  func note<Kind>(_ key: Key<Kind>, at pointer: String) {
    list.append(Mention(kind: Kind.self, key: key.text, pointer: pointer))
  }
}
