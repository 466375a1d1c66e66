/// What a public billing system says that a percentage of payments comes to: each line its number,
/// the payments in their order and the fee, exactly, below the terms.
let percentageTable = """
  # Lago
  rate 2.9
    V040  1 + 1 + 1 + 1               0.116
  rate 1.3 fixed 2.0
    V044  50 + 100 + 250 + 400         18.4
  rate 1.3 fixed 2.0 freeAmount 250.0
    V042  50 + 100 + 250 + 400        11.15
  rate 1.3 fixed 2.0 freeEvents 3 freeAmount 250.0
    V038  0 + 0 + 0 + 0                   0
  rate 1.3 fixed 2.0 freeEvents 5
    V046  50 + 100 + 250 + 0              0
  rate 1 fixed 5 freeEvents 3
    V056  10 + 10 + 10                    0
  rate 1 fixed 5 freeAmount 15.0
    V058  4 + 4 + 4                       0
    V060  4 + 4 + 4 + 4 + 10          10.11
  rate 1 fixed 5 freeEvents 3 freeAmount 15.0
    V062  10 + 10                      5.05
  rate 2.99 minimumPerEvent 1.75 maximumPerEvent 12
    V047  10 + 80 + 10000            16.142
  rate 2.99 minimumPerEvent 1.75 maximumPerEvent 12 freeEvents 2
    V049  10 + 80 + 10000                12
  rate 2.99 minimumPerEvent 1.75 maximumPerEvent 12 freeEvents 3 freeAmount 10000
    V051  10 + 80 + 10000             2.691
  rate 1 fixed 1 minimumPerEvent 1.75 maximumPerEvent 12
    V054  100 + 1000                  13.00
  tiers upTo 6: 0; upTo 10: 2.9 flat 2; rest: 0
    V037  15                          2.116
  """
