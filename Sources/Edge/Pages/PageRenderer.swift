package import Base
import Mustache

/// Turns view types into pages of HTML. Templates are compiled once; rendering only reads.
///
/// A page needs nothing beyond `default-src 'none'; style-src 'self'; img-src data:`.
package struct PageRenderer: Sendable {
  private let library: MustacheLibrary

  /// Throws where an embedded template is not well-formed, which the tests exclude.
  package init() throws {
    var library = MustacheLibrary()
    for (name, bytes) in PageRenderer.templates {
      library.register(try TemplateText.compile(bytes), named: name)
    }
    self.library = library
  }

  package func customers(_ view: CustomersView) -> String {
    page("customers", CustomersPage(view))
  }

  package func customer(_ view: CustomerView) -> String {
    page("customer", CustomerPage(view))
  }

  /// For a 401: what happened, and how to come by a new link.
  package func signIn(message: String) -> String {
    page("sign-in", SignInPage(message: message))
  }

  package func problem(status: Int, title: String, detail: String) -> String {
    page("problem", ProblemPage(status: status, title: title, detail: detail))
  }

  private func page(_ template: String, _ content: Any) -> String {
    guard let page = library.render(content, withTemplate: template) else {
      preconditionFailure("the template `\(template)` is compiled at the start")
    }
    return page
  }

  static let templates: [(name: String, bytes: [UInt8])] = [
    ("layout", PackageResources.layout_mustache),
    ("customers", PackageResources.customers_mustache),
    ("customer", PackageResources.customer_mustache),
    ("score", PackageResources.score_mustache),
    ("sign-in", PackageResources.sign_in_mustache),
    ("problem", PackageResources.problem_mustache),
  ]
}

extension PageRenderer {
  package static let stylesheet: [UInt8] = PackageResources.usance_css

  /// Fit for an `ETag`.
  package static let stylesheetDigest = Digest(of: stylesheet)

  /// Names its content, so it may be cached for ever.
  package static let stylesheetPath = "/assets/usance.\(stylesheetDigest.hex.prefix(16)).css"
}
