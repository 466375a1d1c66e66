/// Names a line over all documents that say something of it: the invoice that billed it first, and
/// the key of the line there.
struct LineName: Hashable {
  let invoice: String
  let line: String
}
