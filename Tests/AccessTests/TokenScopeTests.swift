import Access
import Testing

@Suite struct TokenScopeTests {
  @Test func `what each role may do`() {
    let rows = TokenScope.allCases.map { scope in
      let marks = Role.allCases.map { $0.scopes.contains(scope) ? "yes" : "-" }
      return row([scope.rawValue] + marks)
    }
    let table = [row([""] + Role.allCases.map(\.rawValue))] + rows
    #expect(
      table.joined(separator: "\n") == """
                            device         finance account-manager         monitor        operator
        events:write           yes               -               -               -             yes
        events:correct           -               -               -               -             yes
        events:own             yes               -               -               -             yes
        events:read              -             yes               -               -             yes
        outcomes:answer          -             yes               -               -             yes
        catalog:write            -               -               -               -             yes
        catalog:read             -             yes             yes               -             yes
        usage:read               -             yes             yes               -             yes
        billing:run              -             yes               -               -             yes
        invoices:read            -             yes               -               -             yes
        invoices:finalise        -             yes               -               -             yes
        invoices:settle          -             yes               -               -             yes
        invoices:release         -             yes               -               -             yes
        value:read               -               -             yes               -             yes
        metrics:read             -               -               -             yes             yes
        tokens:revoke            -               -               -               -             yes
        """)
  }

  @Test func `no role has a scope twice`() {
    for role in Role.allCases { #expect(Set(role.scopes).count == role.scopes.count) }
  }

  /// RFC 6749, section 3.3: printable, and without the space that separates them.
  @Test func `a scope is one word`() {
    for scope in TokenScope.allCases {
      #expect(scope.rawValue.utf8.allSatisfy { (0x21...0x7E).contains($0) })
      #expect(!scope.rawValue.contains { "\"\\".contains($0) })
    }
  }

  /// One scope must not be the beginning of another's name: nobody may match by prefix.
  @Test func `no scope's name begins another's`() {
    for scope in TokenScope.allCases {
      let longer = TokenScope.allCases.filter { $0.rawValue.hasPrefix(scope.rawValue) }
      #expect(longer == [scope])
    }
  }

  /// The first column to the left, the others to the right.
  private func row(_ cells: [String]) -> String {
    let padding = { (cell: String, width: Int) in
      String(repeating: " ", count: max(0, width - cell.count))
    }
    let first = cells[0] + padding(cells[0], 17)
    let rest = cells.dropFirst().enumerated().map { index, cell in
      padding(cell, index == 0 ? 9 : 16) + cell
    }
    return first + rest.joined()
  }
}
