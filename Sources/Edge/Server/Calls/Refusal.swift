import Base
import HTTPTypes
import Hummingbird
import Pages

/// A problem as whoever asked can read it: a page for a browser, JSON for a program.
struct Refusal {
  private static let page = "text/html"
  private static let document = "application/problem+json"

  let problem: Problem
  let pages: PageRenderer
  /// What a person who is not signed in is told.
  var invitation = SignInAdvice.notSignedIn
  /// Whether only people come here, so that a page is the usual answer.
  var isOfPages = false

  func response(to request: Request, headers: HTTPFields = HTTPFields()) -> Response {
    let types = isOfPages ? [Refusal.page, Refusal.document] : [Refusal.document, Refusal.page]
    guard Accept(request.headers).best(of: types) == Refusal.page else {
      return problem.response(for: request.uri.path, headers: headers)
    }
    return .page(html, status: problem.status, headers: problem.headers(headers))
  }

  private var html: String {
    let fault = problem.faults[0]
    // Elsewhere a token is missing, and no link helps.
    if isOfPages, fault.code == .unauthorised {
      return pages.signIn(message: invitation.rawValue)
    }
    return pages.problem(
      status: problem.status.code, title: problem.status.reasonPhrase, detail: problem.detail)
  }
}
