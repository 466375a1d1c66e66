import Metering
import Testing

struct MeasureUnitTests {
  /// Units of time are known, so that a rate per hour can be applied to them.
  @Test(
    arguments: [
      ("s", 3600), ("min", 60), ("h", 1), ("cycles", nil), ("S", nil), ("hour", nil), ("", nil),
    ] as [(String, Int128?)])
  func knowsHowManyMakeAnHour(name: String, count: Int128?) {
    #expect(MeasureUnit(name).countPerHour == count)
  }
}
