import Base
import NIOCore

/// What one caller may ask for at once.
package enum Limits {
  /// A request body; larger ones are refused before they are read. Compressed or not: this and the
  /// other limits of bytes hold for what comes in and for what it is inflated to.
  package static let bodyBytesMax = 8 << 20
  /// A body that is read as a stream.
  package static let streamBytesMax = 1 << 30
  /// Bodies as small as this are always taken, and cost nothing of the shares below.
  package static let freeBodyBytesMax = 16 << 10
  /// What all larger bodies up to this size may hold of memory together, until they are answered.
  package static let mediumBodyBytesMax = 1 << 20
  package static let mediumBodiesBytesMax = 32 << 20
  /// The same for all that are larger still.
  package static let largeBodiesBytesMax = 64 << 20
  /// Streams that are read at the same time; each has two slices of up to 4 MiB in memory.
  package static let streamsMax = 16
  /// How much of a stream must come within `bodySecondsMax` for it to go on.
  package static let streamBytesPerDeadlineMin = 64 << 10
  /// What a stream is told of single events, of each outcome.
  package static let streamNoticesMax = 1000
  /// How many times its size a compressed body may become, beyond the first bytes.
  package static let inflationMax = 100
  package static let inflatedBytesFree = 1 << 20
  /// A document of the catalog.
  package static let documentBytesMax = 1 << 20
  /// How far ahead of today a month may be asked for; what lies further is a slip of the pen.
  package static let monthsAheadMax = 36
  /// A whole catalog in one document.
  package static let catalogBytesMax = 32 << 20
  /// How long a body may take to arrive, a part of an answer to be taken, and a connection may
  /// idle. A stream has it for each part.
  package static let bodySecondsMax: Int64 = 15
  /// Connections that are open, and as many more that wait to be; each takes some tens of KiB.
  package static let connectionsMax = 4096
  /// Files that the service itself has open, at most: the database, once for each who reads.
  package static let ownFilesMax = 128
  package static let headerBytesMax = 16 << 10
  package static let headersMax = 64
  package static let pageSizeMax = 1000
  package static let pageSizeUsual = 100
}
