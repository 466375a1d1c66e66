import Access
import HTTPTypes
import Server
import Testing

@Suite("Routes and openapi.yaml say the same")
struct RoutesTests {
  private let document = OpenAPIDocument.shared

  @Test("Every operation of the document is served, and no other")
  func operationsAgree() {
    let documented = Set(document.operations.map { "\($0.id) \($0.method) \($0.path)" })
    let served = Set(Routes.all.map { "\($0.id) \($0.method.rawValue) \($0.path)" })
    #expect(documented.subtracting(served) == [], "documented, not served")
    #expect(served.subtracting(documented) == [], "served, not documented")
    #expect(document.operations.count == documented.count)
    #expect(Routes.all.count == served.count)
    #expect(Set(Routes.all.map(\.id)).count == Routes.all.count, "an id names one operation")
  }

  @Test("What a caller needs is what the document says")
  func securityAgrees() throws {
    for route in Routes.all {
      let operation = try #require(document.operations.first { $0.id == route.id })
      let served: OpenAPIDocument.Security =
        switch route.entry {
        case .open: .open
        case .token(anyOf: let scopes): .bearer(scopes.map(\.rawValue))
        case .session: .session
        }
      #expect(operation.security == served, "\(route.id)")
    }
  }

  @Test("What an operation answers in is what the document says")
  func contentTypesAgree() throws {
    for route in Routes.all {
      let operation = try #require(document.operations.first { $0.id == route.id })
      // Where `Accept` has no say, whatever is answered is JSON, or nothing.
      let served =
        route.types.isEmpty ? operation.types.intersection(["application/json"]) : Set(route.types)
      #expect(operation.types == served, "\(route.id)")
      #expect(operation.statuses.contains(406) == !route.types.isEmpty, "\(route.id)")
    }
  }

  @Test("Whatever writes may find the disk full, and nothing else does")
  func fullDisksAreDocumented() {
    for operation in document.operations {
      let writes =
        operation.id == "signIn" || operation.method != "GET" && operation.id != "simulate"
      #expect(operation.statuses.contains(507) == writes, "\(operation.id)")
    }
  }

  @Test("Parameters of a path are declared, each once")
  func pathParametersAreDeclared() {
    for operation in document.operations {
      let inPath = operation.path.split(separator: "/").filter { $0.hasPrefix("{") }
        .map { String($0.dropFirst().dropLast()) }
      #expect(operation.pathParameters == inPath, "\(operation.id)")
    }
  }

  @Test("Whoever needs a token is told of 401 and 403; whoever does not is not")
  func refusalsAreDocumented() {
    for operation in document.operations where operation.id != "signIn" {
      let refusals = operation.statuses.intersection([401, 403])
      #expect(refusals == (operation.security == .open ? [] : [401, 403]), "\(operation.id)")
    }
  }
}
