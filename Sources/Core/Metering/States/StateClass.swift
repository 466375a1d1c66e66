package import Base

/// What a state means for an availability guarantee.
package struct StateClass: Hashable, Sendable {
  /// In order of priority: where several speak about one moment, the first of these wins.
  package enum Kind: String, CaseIterable, Comparable, Sendable {
    case forceMajeure, customerCaused, planned, down, degraded, unknown, up

    package static func < (left: Kind, right: Kind) -> Bool {
      allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!
    }
  }

  package let kind: Kind
  /// The share that is lost while degraded; zero for every other kind.
  package let loss: Ratio

  package static let unknown = StateClass(.unknown)

  package init(_ kind: Kind) {
    precondition(kind != .degraded, "what is degraded has lost something")
    self.kind = kind
    loss = .zero
  }

  package init(degradedBy loss: Ratio) throws(Fault) {
    guard loss > .zero, loss < .one else {
      throw Fault(.invalidValue, "a loss lies between 0 and 1", at: "/loss")
    }
    kind = .degraded
    self.loss = loss
  }
}

extension StateClass: Comparable {
  /// Whether it comes before the other where both speak: among degraded ones, the larger loss.
  package static func < (left: StateClass, right: StateClass) -> Bool {
    left.kind != right.kind ? left.kind < right.kind : left.loss > right.loss
  }
}
