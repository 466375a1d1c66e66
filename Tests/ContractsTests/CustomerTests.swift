import Base
import Contracts
import Testing

struct CustomerTests {
  @Test func writesBackTheDocumentItRead() throws {
    let text = #"{"name":"Endeavor Air"}"#
    let customer: Customer = try read(text)
    #expect(customer.name == "Endeavor Air")
    #expect(customer.json.text == text)
  }

  @Test(arguments: [
    ("{}", ["missing_field /name"]), (#"{"name":""}"#, ["invalid_value /name"]),
    (#"{"name":7,"vat":"x"}"#, ["invalid_value /name", "unknown_field /vat"]),
    ("[]", ["invalid_value "]),
  ])
  func tellsEveryFaultWithItsPlace(text: String, expected: [String]) {
    #expect(faultTexts(of: text, as: Customer.self) == expected)
  }
}
