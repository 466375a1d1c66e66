import Base

/// The fault that `body` ends with, or nil where it ends well.
func fault<Value>(of body: () throws -> Value) -> Fault? {
  do { _ = try body() } catch { return error as? Fault }
  return nil
}

/// Every fault that `body` ends with, in order; none where it ends well.
func faults<Value>(of body: () throws -> Value) -> [Fault] {
  do { _ = try body() } catch { return (error as? Faults)?.list ?? [] }
  return []
}
