import Base

/// A contract of five clauses for one engine, which rating is measured on. Another kind of clause
/// is one more document in the list.
enum BenchContract {
  static let key = "five-clauses"
  static let engine = "engine-0999"
  /// The engine has been this customer's before: its month by day stays that of fifty engines.
  static let customer = "operator-19"
  static let month = "2024-01"
  /// Of the month, counted from 1970.
  static let firstDay = 19_723

  static let clauses: [JSON] = [
    [
      "key": "power", "kind": "severityHours", "hours": "engine-time", "cycles": "engine-runs",
      "rate": "100.00", "cycleRate": "10.00",
      "legTable": [
        ["at": "0.25", "factor": "1.60"], ["at": "0.5", "factor": "1.30"],
        ["at": "1", "factor": "1.10"], ["at": "2", "factor": "1.00"],
      ],
      "severityMin": "0.70", "severityMax": "2.00",
    ],
    [
      "key": "running", "kind": "usageCharge", "meter": "engine-time",
      "price": [
        "model": "graduated",
        "tiers": [
          ["upTo": "1000000", "rate": "0.0030"], ["upTo": "10000000", "rate": "0.0025"],
          ["rate": "0.0020"],
        ],
      ],
    ],
    [
      "key": "starts", "kind": "usageCharge", "meter": "engine-runs", "free": "100",
      "discountPercent": "2.5",
      "price": [
        "model": "volume",
        "tiers": [["upTo": "5000", "rate": "0.50"], ["rate": "0.45"]],
      ],
    ],
    [
      "key": "inspections", "kind": "usageCharge", "meter": "engine-runs", "maximum": "5000.00",
      "price": ["model": "package", "amount": "12.50", "units": "250"],
    ],
    ["key": "access", "kind": "flatFee", "amount": "250.00"],
  ]

  static func document(_ clauses: [JSON] = clauses, customer: String = customer) -> JSON {
    [
      "customer": .string(customer), "currency": "EUR", "zone": "Europe/Berlin",
      "from": "2023-01-01", "clauses": .array(clauses),
      // The customer has another contract, for its other engines.
      "customerEvents": .bool(customer != Self.customer),
    ]
  }
}
