import Foundation
import Testing

/// The pages as an account manager opens them: the real binary, a real browser.
@Suite(.enabled(if: Browser.isInstalled, "chromium is not installed; `make test` installs it"))
struct PagesInABrowserTests {
  @Test func aLinkSignsInOnceAndTheFiguresAreThere() throws {
    let demo = try RunningDemo()
    defer { demo.stop() }
    let browser = try Browser()
    defer { browser.close() }

    let customers = try browser.document(at: demo.link)
    for text in ["Endeavor Air", "Delta Air Lines", "1,321,315.87", "2 invoices final"] {
      #expect(customers.contains(text), "the list of customers shows \(text)")
    }
    // The cookie of the first visit is kept by the browser's profile.
    let report = try browser.document(at: demo.address + "/customers/9E")
    for text in ["459,039.98", "INV-000001", "1.110500", "+45,037.07", "Not determinable"] {
      #expect(report.contains(text), "the report shows \(text)")
    }
    #expect(report.contains("<svg"), "the report has its charts")

    // The link was good for one visit; another browser learns how to come by a new one.
    let stranger = try Browser()
    defer { stranger.close() }
    let refused = try stranger.document(at: demo.link)
    #expect(refused.contains("usance token link"))
    #expect(!refused.contains("Endeavor Air"))
  }

  /// Nothing may stick out sideways at the width of a phone.
  @Test func aPhoneShowsTheWholeReport() throws {
    let demo = try RunningDemo()
    defer { demo.stop() }
    let browser = try Browser()
    defer { browser.close() }
    _ = try browser.document(at: demo.link)
    let picture = try browser.picture(at: demo.address + "/customers/DL", width: 500, height: 2000)
    // The style sheet has come through: an unstyled page is white to its edges.
    #expect(picture.count > 20_000)
  }
}
