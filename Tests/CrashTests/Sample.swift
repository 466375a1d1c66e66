import TestSupport

/// What the tests meter: engines that report how long they ran.
enum Sample {
  private static let subjectCount = 7

  /// Always the same for the same source and id, as a device's memory would have it.
  static func event(source: String, id: Int) -> String {
    let (day, hour) = (id / 240 % 28 + 1, id / 10 % 24)
    return """
      {"specversion":"1.0","source":"\(source)","id":"\(id)","type":"engine.ran",\
      "subject":"engine-\(id % subjectCount)",\
      "time":"2013-01-\(padded(day))T\(padded(hour)):\(padded(id % 60)):00Z",\
      "data":{"seconds":\(id % 9973 + 1)}}
      """
  }

  /// What must be agreed before events count.
  static func agree(on connection: Connection, token: String) throws {
    let assignments = """
      {"assignments":[{"contract":"hours","from":"2013-01-01T00:00:00Z"}]}
      """
    let documents = [
      ("customers/airline", #"{"name":"An airline"}"#),
      (
        "meters/time",
        """
        {"aggregation":"sum","eventTypes":["engine.ran"],"unit":"s","value":"/seconds"}
        """
      ),
      ("meters/runs", #"{"aggregation":"count","eventTypes":["engine.ran"],"unit":"runs"}"#),
      (
        "contracts/hours",
        """
        {"customer":"airline","currency":"USD","zone":"America/New_York","from":"2013-01-01",
        "clauses":[{"key":"engines","kind":"severityHours","hours":"time","cycles":"runs",
        "rate":"100.00","cycleRate":"1.00"}]}
        """
      ),
    ]
    let assets = (0..<subjectCount).map { ("assets/engine-\($0)", assignments) }
    for (path, document) in documents + assets {
      let answer = try connection.put("/v1/" + path, token: token, document)
      guard answer.status == 201 else {
        throw Connection.Broken(reason: "\(path): \(answer.status) \(answer.body)")
      }
    }
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
