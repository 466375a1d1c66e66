import Base
import Export
import Testing

@Suite struct UsageCSVTests {
  private static func rows(_ text: String) throws -> [String] {
    UsageCSV.text(of: try JSON(parsing: Array(text.utf8))).split(separator: "\r\n").map(String.init)
  }

  private static let head = "meter,subject,start,end,local,value,unit,events,value_exact"

  @Test func aWholeIsOneRow() throws {
    #expect(
      try Self.rows(
        #"{"meter":"m","value":"-1.50","unit":"s, h","events":2,"start":"a","end":"b"}"#)
        == [Self.head, #"m,,a,b,,-1.50,"s, h",2,-1.50"#])
  }

  @Test func everyWindowIsARow() throws {
    #expect(
      try Self.rows(
        #"""
        {"meter":"m","value":"3","unit":"s","events":2,"start":"a","end":"c","windows":[
          {"start":"a","end":"b","local":"A","value":"1","events":1},
          {"start":"b","end":"c","local":"B","value":"2","events":1}]}
        """#) == [Self.head, "m,,a,b,A,1,s,1,1", "m,,b,c,B,2,s,1,2"])
  }

  @Test func everySubjectHasItsRows() throws {
    #expect(
      try Self.rows(
        #"""
        {"meter":"m","value":"3","unit":"s","events":2,"start":"a","end":"b","windows":[],
         "subjects":[{"subject":"N1","value":"1","events":1},{"subject":"N2","value":"2","events":1,
           "windows":[{"start":"a","end":"b","local":"A","value":"2","events":1}]}]}
        """#) == [Self.head, "m,N1,a,b,,1,s,1,1", "m,N2,a,b,A,2,s,1,2"])
  }

  @Test func aFractionIsADecimalToo() throws {
    #expect(
      try Self.rows(
        #"""
        {"meter":"m","value":"7/3600","valueDecimal":"0.001944","unit":"h","events":1,"start":"a",
         "end":"b"}
        """#) == [Self.head, "m,,a,b,,0.001944,h,1,7/3600"])
  }

  @Test func nothingIsNoRow() throws {
    #expect(
      try Self.rows(#"{"meter":"m","value":"0","unit":"s","events":0,"windows":[]}"#)
        == [Self.head])
  }
}
