import Base
import NIOCore

/// What one caller may ask for at once.
package enum Limits {
  /// A request body; larger ones are refused before they are read.
  package static let bodyBytesMax = 8 << 20
  /// A document of the catalogue.
  package static let documentBytesMax = 1 << 20
  /// How long a body may take to arrive, and a connection may idle.
  package static let bodySecondsMax: Int64 = 15
  package static let headerBytesMax = 16 << 10
  package static let headersMax = 64
  package static let pageSizeMax = 1000
  package static let pageSizeUsual = 100
}
