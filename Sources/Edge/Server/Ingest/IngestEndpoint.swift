/// Where events are posted.
enum IngestEndpoint: CaseIterable {
  case events
  /// Where senders made for OpenMeter post: they expect no receipt.
  case openMeter

  /// The operation's name in openapi.yaml.
  var operation: String {
    switch self {
    case .events: "postEvents"
    case .openMeter: "ingestEvents"
    }
  }

  var path: String {
    switch self {
    case .events: "/v1/events"
    case .openMeter: "/api/v1/events"
    }
  }

  var isMinimalByDefault: Bool { self == .openMeter }
}
