package import Base

extension Role {
  /// What a token of this role is bound to: to what is named, where `*` alone is everything; a
  /// device of which nothing is named to the sources that bear its own name. Only a device's token
  /// can be bound, for what others may do is about more than events.
  package func bounds(
    subject: String, sources: [String], assets: [String]
  ) throws(Fault) -> TokenBounds {
    guard self == .device else {
      guard sources.isEmpty, assets.isEmpty else {
        throw Fault(
          .invalidValue,
          "only the token of a device is bound to sources and assets, not that of `\(rawValue)`")
      }
      return .none
    }
    return TokenBounds(
      sources: try Role.bound(sources.isEmpty ? Role.own(subject) : sources),
      assets: try Role.bound(assets))
  }

  private static func own(_ subject: String) throws(Fault) -> [String] {
    guard !subject.hasSuffix("*") else {
      throw Fault(
        .invalidValue, "a name that ends in `*` is no source; say which sources it posts for")
    }
    return subject.hasPrefix("//") ? [subject] : [subject, "//" + subject]
  }

  /// Nil for no bound.
  private static func bound(_ texts: [String]) throws(Fault) -> [NamePattern]? {
    var names: [NamePattern] = []
    for text in texts { names.append(try NamePattern(text)) }
    return names.isEmpty || names.contains(where: \.isAny) ? nil : names
  }
}
