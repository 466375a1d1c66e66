import Base

/// What the frame around every page needs. Templates look values up by name, also in the values
/// around them, so names differ from one level to the next.
struct PageFrame {
  let stylesheetPath = PageRenderer.stylesheetPath
  let customersPath = PagePath.customers
  let signOutPath = PagePath.signOut
  let workspace: String?
  let footer: Footer?

  struct Footer {
    let notice: String?
  }

  /// `notice` stands beneath the figures; a page without figures has no footer.
  static func figures(workspace: String, notice: String?) -> PageFrame {
    PageFrame(workspace: workspace, footer: Footer(notice: notice))
  }

  static let bare = PageFrame(workspace: nil, footer: nil)
}

struct SignInPage {
  let frame = PageFrame.bare
  let message: String
}

struct ProblemPage {
  let frame = PageFrame.bare
  let status: Int
  let title: String
  let detail: String
}
