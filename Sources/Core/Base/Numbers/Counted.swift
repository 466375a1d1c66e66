extension Int {
  /// The number with what it counts: `1 page`, `2 pages`. `noun` is for one of them; `plural` where
  /// it is not the same with an s.
  package func counted(_ noun: String, _ plural: String? = nil) -> String {
    "\(self) \(self == 1 ? noun : plural ?? noun + "s")"
  }
}
