/// `Authorization: Bearer ...`, as RFC 6750 has it, section 2.1.
enum BearerToken {
  /// The token of one such header.
  static func text(of header: String) -> String? {
    header.prefix(7).lowercased() == "bearer " ? String(header.dropFirst(7)) : nil
  }
}
