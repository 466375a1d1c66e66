extension Range<Int> {
  /// The first place of which it is true, or the end where there is none; behind such a place it is
  /// true of every one.
  package func partitionPoint(where isBehind: (Int) -> Bool) -> Int {
    var (low, high) = (lowerBound, upperBound)
    while low < high {
      let middle = low + (high - low) / 2
      if isBehind(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
