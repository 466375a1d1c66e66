package import Base

extension Fault {
  /// Whether what was asked for is damaged on the disk.
  package var isDamage: Bool { code == .dataDamaged }

  /// The fault by which a contract is parked, whatever went wrong with it. Nil if the work as a
  /// whole must end: the disk is full, or nobody waits for it any more.
  package init?(parking error: any Error) {
    switch error {
    case let fault as Fault:
      guard ![.storageFull, .deadlineExceeded, .overloaded].contains(fault.code) else {
        return nil
      }
      self = fault
    case let faults as Faults: self = faults.list[0]
    default:
      self.init(.internalError, "the contract could not be rated", cause: "\(error)")
    }
  }
}
