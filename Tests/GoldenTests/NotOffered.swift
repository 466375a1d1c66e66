/// Conventions of public billing systems that no clause offers, each with the reason.
let notOffered: [(name: String, reason: String)] =
  [
    "V065", "V067", "V069", "V071", "V073", "V075", "V077", "V079", "V081", "V083",
  ].map {
    (
      $0,
      """
      One quantity chooses the tier and another, shared out by days, is priced event by event; \
      here the average over the month does both.
      """
    )
  } + [
    (
      "V021",
      "The tier is chosen by the whole quantity and the share of it priced; here one does both."
    ),
    (
      "V093",
      """
      Each quantity is rounded up to five places before they are added up. Here a quantity is \
      exact: it is 9.645161... where the figure says 9.64517.
      """
    ),
    (
      "V265",
      """
      The period before the last of February is counted back to the 28th of January. Here a fee \
      that starts on the 31st starts on the last day of each shorter month.
      """
    ),
    ("V385", "A commitment for each hour by itself; here one is for a month."),
    ("V387", "A commitment for each hour of some times of day; here one is for a month."),
  ]
