import Base

/// A clause of each kind that the contract of five clauses has none of. Counting says what each
/// costs beyond those it rests on.
enum BenchClauses {
  /// Those of the benchmark's contract among them. `beneath` are the keys of clauses without which
  /// it says nothing.
  static let all: [(clause: JSON, beneath: [String])] =
    BenchContract.clauses.map { ($0, []) } + priced + promised

  /// What a contract needs that has the clause, and that has all but the clause itself.
  static func contract(of key: String, withoutIt: Bool = false) throws(Fault) -> [JSON] {
    guard let beneath = all.first(where: { $0.clause["key"] == .string(key) })?.beneath else {
      throw Fault(.notFound, "there is no such clause")
    }
    let keys = Set((beneath + (withoutIt ? [] : [key])).map(JSON.string))
    return all.map(\.clause).filter { keys.contains($0["key"] ?? .null) }
  }

  private static let priced: [(clause: JSON, beneath: [String])] = [
    (
      [
        "key": "payments", "kind": "percentage", "meter": "payments", "rate": "2.9",
        "minimumPerEvent": "0.35", "maximumPerEvent": "12.00",
      ], []
    ),
    (
      [
        "key": "regions", "kind": "matrix", "meter": "calls",
        "prices": [
          ["group": ["eu"], "price": ["model": "perUnit", "rate": "0.10"]],
          ["group": ["us"], "price": ["model": "perUnit", "rate": "0.08"]],
        ],
        "otherwise": ["model": "perUnit", "rate": "0.12"],
      ], []
    ),
    (
      [
        "key": "night", "kind": "timeOfDay", "meter": "energy",
        "bands": [
          [
            "name": "night", "price": ["model": "perUnit", "rate": "0.10"],
            "times": [["from": "22:00", "until": "24:00"], ["from": "00:00", "until": "06:00"]],
          ]
        ],
        "otherwise": ["model": "perUnit", "rate": "0.30"],
      ], []
    ),
    (
      [
        "key": "service", "kind": "recurringFee", "amount": "1200.00", "every": "month",
        "due": "advance",
      ], []
    ),
    (["key": "least", "kind": "minimumCommitment", "amount": "500.00"], ["access"]),
    (["key": "most", "kind": "maximumSpend", "amount": "200.00"], ["access"]),
    (
      [
        "key": "coupons", "kind": "discount",
        "coupons": [
          ["name": "welcome", "percent": "10"], ["name": "ten off", "amount": "10.00"],
        ],
      ], ["access"]
    ),
    (
      [
        "key": "credit", "kind": "prepaidCredit",
        "grants": [["name": "bought", "amount": "9000.00", "from": "2023-01"]],
      ], ["access"]
    ),
  ]

  private static let promised: [(clause: JSON, beneath: [String])] = [
    (
      [
        "key": "cases", "kind": "confirmedOutcome", "meter": "cases",
        "prices": [
          ["upTo": 50, "confirmed": "0.99", "assumed": "0.79"],
          ["confirmed": "0.89", "assumed": "0.69"],
        ],
        "confirmWithinHours": 168, "reverseWithinHours": 720,
      ], []
    ),
    (
      [
        "key": "availability", "kind": "availabilityGuarantee", "meter": "engine-state",
        "plannedQuotaSeconds": 28_800, "minimumOutageSeconds": 300,
        "bands": [
          ["atLeast": "98.5", "percent": "0"], ["atLeast": "97", "percent": "5"],
          ["percent": "20"],
        ],
      ], ["access"]
    ),
    (
      [
        "key": "savings", "kind": "gainShare", "actual": "energy", "price": "0.14",
        "share": "0.40", "deductible": "0.02",
        "baseline": [
          "perDay": "900", "drivers": [["meter": "degree-days", "coefficient": "2.5"]],
        ],
      ], []
    ),
    (
      [
        "key": "points", "kind": "bonusMalus", "of": "availability", "target": "99",
        "deadband": "0.5", "bonus": ["slope": "1.2", "percentMax": 3],
        "malus": ["slope": "1.8", "percentMax": 6],
      ], ["access", "availability"]
    ),
    (
      [
        "key": "scores", "kind": "scorecard", "span": "month",
        "kpis": [
          [
            "name": "there", "weight": "0.6", "of": "availability", "threshold": "90",
            "target": "99",
          ],
          [
            "name": "runs", "weight": "0.4", "meter": "engine-runs", "threshold": 0, "target": 9000,
          ],
        ],
      ], ["access", "availability"]
    ),
    (
      ["key": "held", "kind": "holdback", "percent": 8, "scorecard": "scores"],
      ["access", "availability", "scores"]
    ),
    (
      [
        "key": "partner", "kind": "coCreationCredit", "capPercent": 6,
        "activities": [
          [
            "key": "inspection", "name": "Inspection",
            "perUnit": ["meter": "tasks", "rate": "95.00", "allowance": 40],
          ],
          [
            "key": "there", "name": "Availability",
            "ofBase": ["percent": "0.5", "finding": "availability", "atLeast": 95],
          ],
        ],
      ], ["access", "availability"]
    ),
    (
      [
        "key": "minimum", "kind": "minimumUtilisation", "hours": "engine-time", "minimum": 3000,
        "rate": "180.00", "perAsset": true,
      ], []
    ),
    (
      ["key": "at-risk", "kind": "atRiskCap", "percent": "4"],
      ["access", "availability", "points", "scores", "held"]
    ),
  ]
}
