/// A catalog that nobody should apply.
enum TwentyFaults {
  static let contracts = """
    contracts:
      acme-pbh:
        customer: nobody
        currency: EURO
        zone: Europe/Berlin
        from: 2013-02-30
        slots: [engine 1, engine 1]
        clauses:
          - key: engines
            kind: severityHours
            hours: time
            cycles: runs
            rate: a lot
            cycleRate: 1e3
            legtable: []
            environment:
              - {meter: time, factor: -1}
      bird-pbh:
        customer: bird
        currency: EUR
        zone: UTC
        from: 2013-01-01
        until: 2012-01-01
        clauses:
          - {key: a, kind: perHour}
      crow-pbh:
        customer: bird
        currency: EUR
        zone: Mars/Olympus
        from: 2013-01-01
        clauses: []
    """

  static let assets = """
    assets:
      N1:
        assignments:
          - {contract: crow-pbh, slot: left, from: 2013-01-01}
          - {contract: crow-pbh, from: "2013-01-01T00:00:00Z", until: "2013-01-01T00:00:00Z"}
      N2:
        assignments:
          - {contract: lost, from: "2013-01-01T00:00:00Z"}
    """

  static let things = """
    customers:
      bird: {name: ""}
    meters:
      time: {aggregation: median, eventTypes: [ran], unit: s}
    planes: {}
    taxes:
      vat: {name: VAT, category: X, rates: [{from: 2013-01-01}]}
    """

  /// The file, line and column of each, and the field.
  static let places = [
    "assets.yaml:4:48 /assets/N1/assignments/0/from",
    "assets.yaml:5:67 /assets/N1/assignments/1/until",
    "assets.yaml:8:20 /assets/N2/assignments/0/contract",
    "contracts.yaml:3:15 /contracts/acme-pbh/customer",
    "contracts.yaml:4:15 /contracts/acme-pbh/currency",
    "contracts.yaml:6:11 /contracts/acme-pbh/from",
    "contracts.yaml:7:5 /contracts/acme-pbh/slots",
    "contracts.yaml:12:17 /contracts/acme-pbh/clauses/0/cycles",
    "contracts.yaml:13:15 /contracts/acme-pbh/clauses/0/rate",
    "contracts.yaml:14:20 /contracts/acme-pbh/clauses/0/cycleRate",
    "contracts.yaml:15:9 /contracts/acme-pbh/clauses/0/legtable",
    "contracts.yaml:17:35 /contracts/acme-pbh/clauses/0/environment/0/factor",
    "contracts.yaml:23:12 /contracts/bird-pbh/until",
    "contracts.yaml:25:24 /contracts/bird-pbh/clauses/0/kind",
    "contracts.yaml:29:11 /contracts/crow-pbh/zone",
    "things.yaml:2:16 /customers/bird/name",
    "things.yaml:4:23 /meters/time/aggregation",
    "things.yaml:5:1 /planes",
    "things.yaml:7:30 /taxes/vat/category",
    "things.yaml:7:41 /taxes/vat/rates/0/rate",
  ]
}
