package import GRDB

extension Database {
  /// Changes something as a disk or a person would who goes past every trigger, and says how many
  /// rows.
  package func changePastTriggers(_ statement: String) throws -> Int {
    let triggers = try Row.fetchAll(
      self, sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    for trigger in triggers { try execute(sql: "DROP TRIGGER \(trigger[0] as String)") }
    try execute(sql: statement)
    let count = changesCount
    for trigger in triggers { try execute(sql: trigger[1] as String) }
    return count
  }
}
