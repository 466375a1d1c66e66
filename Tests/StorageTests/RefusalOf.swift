import SQLite
import Services
import TimeZones

/// Why a folder was not opened; nil where it was, or something else went wrong.
func refusal<Value>(of body: () throws -> Value) -> FolderRefusal? {
  do { _ = try body() } catch { return error as? FolderRefusal }
  return nil
}
