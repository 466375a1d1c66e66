import Base
import Contracts
import Metering
import Rating
import TestSupport
import Testing

/// Domain rule G6: what an outcome is billed when it becomes billable, and gives back later.
struct ConfirmedOutcomeTests {
  @Test func nothingIsALineToo() throws {
    let line = try #require(try OutcomeStory().lines(outcomeTerms(), "2026-05").first)
    #expect(line.amount.description == "0.00")
    #expect(line.stage == .outcome)
    #expect(line.derivation.sentence == "No outcomes make 0.00 USD.")
    #expect(line.bars == "outcomes 0.00")
  }

  /// Confirmed and reversed, month by month.
  @Test func aReversalGivesBackWhatWasBilled() throws {
    var story = OutcomeStory()
    story.confirm("a", "2026-05-04")
    story.say(.claim, "b", "2026-05-28T08:00:00Z")
    story.say(.reverse, "a", "2026-06-01T08:00:00Z")
    story.say(.reverse, "b", "2026-07-02T08:00:00Z")
    story.confirm("c", "2026-07-10")
    story.say(.reverse, "c", "2026-07-11T08:00:00Z")
    #expect(
      try ["2026-05", "2026-06", "2026-07", "2026-08"].map { try story.bill(outcomeTerms(), $0) }
        == [
          "billed 0.99", "billed 0.79, clawback -0.99", "billed 0.99, clawback -1.78",
          "billed 0.00",
        ])
  }

  /// What a credit note gave back of the line that billed an outcome, its reversal does not give
  /// back again; what is clawed back falls on that line.
  @Test func whatWasCreditedIsNotClawedBackAgain() throws {
    var story = OutcomeStory()
    for (outcome, day) in [("a", "04"), ("b", "05")] { story.confirm(outcome, "2026-05-\(day)") }
    story.say(.reverse, "a", "2026-05-20T08:00:00Z")
    story.say(.reverse, "b", "2026-06-02T08:00:00Z")
    let key = "resolutions/billed"
    func bill(credited: String) throws -> [String] {
      let currency = try Currency("USD")
      var may = Credited(in: currency)
      try may.add(
        Money(minor: Fixed(credited).units, currency), to: Credited.Piece(key, on: key))
      return try ["2026-05", "2026-06"].map { month in
        let lines = try story.lines(
          outcomeTerms(), month, credited: [BillingMonth("2026-05"): may])
        let line = try #require(lines.last)
        #expect(line.shares.map(\.line) == [key])
        #expect(line.shares.map(\.month?.description) == ["2026-05"])
        #expect(line.shares.map(\.amount) == [line.amount])
        return "\(line.amount)"
      }
    }
    #expect(try bill(credited: "0.00") == ["-0.99", "-0.99"])
    #expect(try bill(credited: "0.50") == ["-0.99", "-0.49"])
    #expect(try bill(credited: "0.99") == ["-0.99", "0.00"])
    #expect(try bill(credited: "1.50") == ["-0.48", "0.00"])
    #expect(try bill(credited: "1.98") == ["0.00", "0.00"])
  }

  /// The first two of a month cost 1.00, the others 0.50. A reversal opens no tier again, and the
  /// clawback is at the price of its own tier.
  @Test func tiersGoByTheMomentAndStayClosed() throws {
    let terms = try outcomeTerms(tiers: [(2, "1.00", "0.80"), (nil, "0.50", "0.40")])
    var story = OutcomeStory()
    for (outcome, day) in [("a", "05"), ("b", "06"), ("c", "07")] {
      story.confirm(outcome, "2026-05-\(day)")
    }
    story.say(.reverse, "a", "2026-05-08T08:00:00Z")
    story.confirm("d", "2026-05-09")
    story.confirm("e", "2026-06-01")
    story.say(.reverse, "b", "2026-06-02T08:00:00Z")
    story.say(.reverse, "c", "2026-06-03T08:00:00Z")
    #expect(try story.bill(terms, "2026-05") == "billed 3.00, clawback -1.00")
    #expect(try story.bill(terms, "2026-06") == "billed 1.00, clawback -1.50")
    let yearly = try outcomeTerms(
      tiers: [(2, "1.00", "0.80"), (nil, "0.50", "0.40")], countedOver: .contractYear)
    #expect(try story.bill(yearly, "2026-06") == "billed 0.50, clawback -1.50")
  }

  /// Twelve months after its start a contract counts anew.
  @Test func aContractYearBeginsAnew() throws {
    let terms = try outcomeTerms(countedOver: .contractYear, outcomesMax: 1)
    var story = OutcomeStory()
    story.confirm("a", "2026-12-30")
    story.confirm("b", "2026-12-31")
    story.confirm("c", "2027-01-01")
    #expect(try story.bill(terms, "2026-12") == "billed 0.99")
    #expect(try story.bill(terms, "2027-01") == "billed 0.99")
  }

  @Test func capsRecordWithoutBilling() throws {
    var story = OutcomeStory()
    for day in 10...14 { story.confirm("o\(day)", "2026-05-\(day)") }
    story.say(.reverse, "o10", "2026-05-20T08:00:00Z")
    story.confirm("after", "2026-05-21")
    story.say(.reverse, "after", "2026-06-01T08:00:00Z")
    let counted = try outcomeTerms(outcomesMax: 3)
    let line = try story.lines(counted, "2026-05")[0]
    #expect(try story.bill(counted, "2026-05") == "billed 2.97, clawback -0.99")
    #expect(
      line.derivation.sentence
        == "3 confirmed outcomes make 2.97 USD; beside them 3 unbilled.")
    #expect(
      line.derivation.steps.map { "\($0.name) \($0.inputs.map(\.value).joined(separator: " "))" }
        == ["confirmed 3 0.99", "unbilled 3", "line 2.97"])
    #expect(try story.bill(counted, "2026-06") == "billed 0.00", "nothing was billed, none is back")
    #expect(
      try story.bill(outcomeTerms(amountMax: "2.00"), "2026-05") == "billed 1.98, clawback -0.99")
    #expect(
      try story.bill(outcomeTerms(amountMax: "1.98"), "2026-05") == "billed 1.98, clawback -0.99")
    #expect(try story.bill(outcomeTerms(outcomesMax: 0), "2026-05") == "billed 0.00")
  }

  /// Cases that were opened again count once in two days; by the subject where no field is named.
  @Test func oneOfAKindIsBilled() throws {
    func ticket(_ name: String) -> [JSON.Member] { [.init("ticket", .string(name))] }
    var story = OutcomeStory()
    story.confirm("a", "2026-05-04", ticket("t1"))
    story.confirm("b", "2026-05-05", ticket("t1"))
    story.confirm("c", "2026-05-05", ticket("t2"))
    story.confirm("d", "2026-05-06", ticket("t1"))
    story.say(.reverse, "d", "2026-05-06T10:00:00Z")
    story.confirm("e", "2026-05-07", ticket("t1"))
    story.confirm("f", "2026-05-07")
    story.confirm("g", "2026-05-07")
    let byTicket = try outcomeTerms(once: DeduplicationTerms(field: "ticket", hours: 48))
    let unbilled = try story.account(byTicket, "2026-05").entries
      .filter { $0.unbilled == .once }.map(\.outcome.key.text)
    #expect(unbilled == ["b"])
    #expect(try story.bill(byTicket, "2026-05") == "billed 5.94, clawback -0.99")
    let bySubject = try outcomeTerms(once: DeduplicationTerms(hours: 48))
    #expect(try story.bill(bySubject, "2026-05") == "billed 2.97, clawback -0.99")
  }

  /// A bot and a service desk solved a case together: each is paid its share, and both the price.
  @Test func sharesComeToThePrice() throws {
    let shares = [JSON.Member("shares", ["bot": "0.625", "desk": "0.375"])]
    var story = OutcomeStory()
    for day in 10...17 { story.confirm("o\(day)", "2026-05-\(day)", shares) }
    story.confirm("alone", "2026-05-20")
    let amounts = try ["bot", "desk", "nobody"].map { name in
      try story.bill(outcomeTerms(share: name), "2026-05")
    }
    #expect(amounts == ["billed 5.94", "billed 3.96", "billed 0.99"])
    #expect(try story.bill(outcomeTerms(), "2026-05") == "billed 8.91")
  }

  /// An outcome is judged by the version that was in force when it was claimed: its price and its
  /// windows, also when it becomes billable under a later one.
  @Test func theDefinitionInForceAtTheClaimJudges() throws {
    func contract(_ effective: String, _ price: String, _ hours: Int) throws -> Contract {
      let text = """
        {"customer":"acme","currency":"USD","zone":"UTC","from":"2026-01-01",\
        "effective":"\(effective)","clauses":[{"key":"resolutions","kind":"confirmedOutcome",\
        "meter":"resolutions","prices":[{"confirmed":"\(price)","assumed":"\(price)"}],\
        "confirmWithinHours":\(hours),"reverseWithinHours":720}]}
        """
      return try Contract(Node(JSON(parsing: Array(text.utf8))), key: ContractKey("c"))
    }
    var history = ContractHistory(try contract("2026-01-01", "0.99", 168))
    history.append(try contract("2026-06-01", "0.50", 24))
    var story = OutcomeStory()
    story.say(.claim, "old", "2026-05-31T08:00:00Z")
    story.say(.claim, "new", "2026-06-01T08:00:00Z")
    let newest = try outcomeTerms(tiers: [(nil, "0.50", "0.50")], confirmWithinHours: 24)
    let line = try story.lines(newest, "2026-06", history: history)[0]
    #expect(
      line.derivation.steps.map { "\($0.name) \($0.inputs.map(\.value).joined(separator: " "))" }
        == ["assumed 1 0.50", "assumed 1 0.99", "line 1.49"])
    #expect(try story.bill(newest, "2026-05", history: history) == "billed 0.00")
  }

  /// What cannot be understood stops the run, with the event's name.
  @Test func anUnreadableEventIsAFault() throws {
    var story = OutcomeStory()
    story.say(.claim, "a b", "2026-05-04T08:00:00Z")
    let fault = #expect(throws: Fault.self) { try story.bill(outcomeTerms(), "2026-05") }
    #expect(fault?.code == .unreadableValue)
    #expect(fault?.detail.hasPrefix("the event `0` of `/bot`: /outcome") == true)
  }

  @Test func overflowsWithAName() throws {
    let price = "999999999999.999999999999"
    let shares: JSON = ["bot": "0.999999999999", "desk": "0.000000000001"]
    var story = OutcomeStory()
    for number in 0..<400 { story.confirm("o\(number)", "2026-05-04", [.init("shares", shares)]) }
    let fault = #expect(throws: Fault.self) {
      try story.bill(outcomeTerms(tiers: [(nil, price, price)], share: "bot"), "2026-05")
    }
    #expect(fault?.code == .overflow)
  }

  /// Seeded histories over half a year: told in another order they come to the same lines, and the
  /// months add up to what the outcomes stand at in the end.
  @Test func monthsAddUpToFinalStandings() throws {
    var random = SeededRandom(seed: SeededRandom.runSeed)
    let months = (1...6).map { "2026-0\($0)" }
    var (billed, reversed) = (0, 0)
    for _ in 0..<120 {
      var story = OutcomeStory()
      for _ in 0..<random.number(0...80) {
        // What is said of an outcome comes in the month of its claim, or in the next.
        let (month, outcome) = (random.number(0...4), random.number(1...4))
        let said = months[month + (random.chance(40) ? 1 : 0)]
        let (day, hour) = (random.number(10...28), random.number(10...23))
        let kind = [JSON.Member("ticket", .string("t\(random.number(1...9))"))]
        story.say(
          random.chance(30)
            ? .claim : random.pick([.confirm, .reverse, .reverse, .dispute, .resolve, .reject]),
          "o\(month)-\(outcome)", "\(said)-\(day)T\(hour):00:00Z", kind)
      }
      let terms = try outcomeTerms(
        tiers: [(random.number(1...4), "1.00", "0.80"), (nil, "0.50", "0.35")],
        once: random.chance(40) ? DeduplicationTerms(field: "ticket", hours: 72) : nil,
        countedOver: random.pick([.month, .contractYear]),
        outcomesMax: random.chance(30) ? random.number(0...8) : nil,
        amountMax: random.chance(30) ? "3.00" : nil)
      let lines = try months.map { try story.lines(terms, $0) }
      var sum = Money.zero(try Currency("USD"))
      for line in lines.joined() { sum = try sum + line.amount }
      var standing = Ratio.zero
      for entry in try story.account(terms, "2026-06").entries
      where entry.outcome.reversed == nil {
        standing = try standing + entry.amount
      }
      #expect(try sum == Money(rounding: standing, Currency("USD")))
      billed += lines.joined().count { $0.amount.amountMinor > 0 }
      reversed += lines.joined().count { $0.amount.amountMinor < 0 }
      for line in lines.joined() {
        var bars = Money.zero(line.amount.currency)
        for bar in line.waterfall.bars { bars = try bars + bar.amount }
        #expect(bars == line.amount)
      }
      let told = story.told(inOrderOf: &random)
      #expect(try months.map { try told.lines(terms, $0) } == lines)
    }
    #expect(billed > 100 && reversed > 20, "the histories are about something")
  }
}

extension OutcomeStory {
  /// The same events, some of them twice, in another order.
  fileprivate func told(inOrderOf random: inout SeededRandom) -> OutcomeStory {
    let twice = facts.filter { _ in random.chance(30) }
    return OutcomeStory(facts: (facts + twice).shuffled(using: &random))
  }
}
