package import Base

/// What somebody is about to do, as far as it decides whether they may.
package enum Act {
  /// A call of an operation that any of these scopes opens.
  case call(anyOf: [TokenScope])
  /// What any of these scopes allows, done to an event of that source and subject, or to all of
  /// them; nil where that is about every source, or every subject.
  case event(
    anyOf: [TokenScope], source: UnsafeRawBufferPointer?, subject: UnsafeRawBufferPointer?)
}

extension Caller {
  /// Who may do what: the one place that decides it, for every operation, the shortcut for small
  /// posts and streams alike. Nil where the caller may; the pointer of a refusal is that of an
  /// event.
  ///
  /// Customers that a token may act for, and what it may give away, join scopes, sources and assets
  /// here: as claims in `TokenBounds`, and as acts of their own.
  package func refusal(of act: Act) -> Fault? {
    switch act {
    case .call(let scopes):
      scopes.contains(where: has) ? nil : Caller.lack(of: scopes)
    case .event(let scopes, let source, let subject):
      scopes.contains(where: has)
        ? bounds.refusal(source: source, subject: subject) : Caller.lack(of: scopes)
    }
  }

  /// A scope holds for what the token is bound to. What knows no sources and assets cannot be
  /// bound, and without a bound no event is the caller's own.
  private func has(_ scope: TokenScope) -> Bool {
    scopes.contains(scope) && (bounds.isNone ? scope != .readOwnEvents : scope.isOfEvents)
  }

  /// The same for texts; nil stands for every source, or every subject.
  package func refusal(
    ofEventWith source: String?, _ subject: String?, anyOf scopes: [TokenScope]
  ) -> Fault? {
    func bytes(_ text: String?, _ body: (UnsafeRawBufferPointer?) -> Fault?) -> Fault? {
      guard var text else { return body(nil) }
      return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
    return bytes(source) { source in
      bytes(subject) { subject in
        refusal(of: .event(anyOf: scopes, source: source, subject: subject))
      }
    }
  }

  /// Whether no event is beyond the caller, so that nobody need look at any.
  package var mayPostEveryEvent: Bool {
    bounds.isNone && TokenScope.posting.allSatisfy(scopes.contains)
  }

  private static func lack(of scopes: [TokenScope]) -> Fault {
    let names = scopes.map { "`\($0.rawValue)`" }
    return Fault(
      .forbidden,
      names.count == 1
        ? "the token lacks the scope \(names[0])"
        : "the token has none of the scopes \(names.joined(separator: ", "))")
  }
}
