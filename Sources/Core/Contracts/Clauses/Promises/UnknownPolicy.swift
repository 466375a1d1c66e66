/// What an availability makes of the time nobody knows about.
package enum UnknownPolicy: String, CaseIterable, Sendable {
  case exclude, down, up
}
