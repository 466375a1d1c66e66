import Base
import GRDB
import Workflow

extension Fault {
  /// What an error of the engine is to whoever asked it: what is damaged, work that was
  /// interrupted, a fault of the disk, or a fault of ours with its cause.
  init(engine error: any Error, _ disk: DiskWatch) {
    if let fault = error as? Fault {
      self = fault
    } else if let damage = Fault(ofDamage: error) {
      self = damage
    } else if (error as? DatabaseError)?.resultCode == .SQLITE_INTERRUPT {
      self = Interruption.fault
    } else if let fault = disk.fault(of: error) as? Fault {
      self = fault
    } else {
      self.init(.internalError, "the database could not be used", cause: "\(error)")
    }
  }
}
