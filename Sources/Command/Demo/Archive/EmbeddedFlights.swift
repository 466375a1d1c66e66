/// The flights of the demonstration, compressed. A target of its own, so that editing the command
/// does not compile the bytes again.
package enum EmbeddedFlights {
  package static var gzip: [UInt8] { PackageResources.flights_2013q1_columns_gz }
}
