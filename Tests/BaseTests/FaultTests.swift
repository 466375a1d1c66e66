import Base
import TestSupport
import Testing

struct FaultTests {
  @Test func isFoundInsideALargerDocument() {
    let fault = Fault(.invalidValue, "expected a string", at: "/id")
    #expect(fault.nested(under: "/3").pointer == "/3/id")
    #expect(fault.nested(under: "").pointer == "/id")
    #expect(fault.nested(under: "/3").detail == fault.detail)
  }

  /// Programs switch on these names: they are part of the API.
  @Test func everyCodeIsALowerCaseNameOfItsOwn() {
    let names = Fault.Code.allCases.map(\.rawValue)
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { $0.utf8.allSatisfy { (97...122).contains($0) || $0 == 95 } })
  }

  @Test func oneFaultIsAListOfOne() {
    let fault = Fault(.overflow, "too large")
    #expect(faults { try Faults.gather { () throws(Fault) -> Int in throw fault } } == [fault])
  }
}
