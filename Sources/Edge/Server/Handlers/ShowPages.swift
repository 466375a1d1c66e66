import Access
import Base
import Contracts
import HTTPTypes
import Hummingbird
import Pages
import Services
import Workflow

extension Handlers {
  static func showHome(_ call: APICall) -> Response {
    Response(status: .seeOther, headers: [.location: PagePath.customers])
  }

  /// All customers with hours, amount and score.
  static func showCustomers(_ call: APICall) throws -> Response {
    let customers = call.services.catalogs.current.catalog.customers.values
      .sorted { $0.key < $1.key }.prefix(Limits.pageSizeMax)
    let desk = CustomerPages(call.services)
    return .page(call.services.pages.customers(try desk.list(Array(customers))))
  }

  /// One customer's report.
  static func showCustomer(_ call: APICall) throws -> Response {
    let key: CustomerKey = try call.key()
    guard let customer = call.services.catalogs.current.catalog.customers[key] else {
      throw Fault(.notFound, "there is no such customer")
    }
    return .page(call.services.pages.customer(try CustomerPages(call.services).report(customer)))
  }

  static func getStylesheet(_ call: APICall) throws -> Response {
    guard call.request.uri.path == PageRenderer.stylesheetPath else {
      throw Fault(.notFound, "there is nothing at this address")
    }
    // The address changes with the content.
    return .bytes(
      PageRenderer.stylesheet, type: "text/css; charset=utf-8",
      headers: [.cacheControl: "public, max-age=31536000, immutable"])
  }
}
