package import Base

/// The fault that `body` ends with, the first where there are several; nil where it ends well.
package func fault<Value>(of body: () throws -> Value) -> Fault? { faults(of: body).first }

/// Every fault that `body` ends with, in order; none where it ends well.
package func faults<Value>(of body: () throws -> Value) -> [Fault] {
  do { _ = try body() } catch {
    return (error as? Faults)?.list ?? (error as? Fault).map { [$0] } ?? []
  }
  return []
}
