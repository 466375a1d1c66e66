/// What public billing systems say that a quantity costs at a price list: each line its number, the
/// quantity and the amount, below the terms. `a > b` is the step from one total of a period to the
/// next, `a less b` what is left of a total behind an amount that was billed before, `a + b` rates
/// both by themselves.
let priceTable = """
  # Lago
  per unit 5.12345
    V001  10                      51.2345
  graduated upTo 10: 10 flat 2; upTo 20: 5 flat 3; rest: 5 flat 3; flat at zero
    V003  0                             2
    V005  10                          102
    V007  12                          115
  graduated upTo 0.1: 10; upTo 1: 5; rest: 2; flat at zero
    V009  0.05                        0.5
  volume upTo 100: 2 flat 10; upTo 200: 1; rest: 0.5 flat 50; flat at zero
    V013  0                            10
    V015  100                         210
    V017  101                         101
    V019  300                         200
  package of 10 at 100
    V022  121                        1300
    V026  15                          200
  package of 10 at 100 | free 200
    V024  121                           0
  package of 10 at 100 | free 5
    V028  12                          100
  graduated upTo 10: 0.01 flat 200; upTo 20: 0.02 flat 300; rest: 0.03 flat 400; flat at zero
    V029  0                           200
    V031  10                        200.1
    V033  12                       500.14
  graduated upTo 100: 0.05; rest: 0.02 flat 10; flat at zero
    V035  50                         2.50
  graduated upTo 10: 0; upTo 20: 8 flat 1; rest: 0
    V011  15                           41
  per unit 0.01
    V064  40.2                      0.402
  # OpenMeter
  graduated upTo 5: 0 flat 100; upTo 10: 0 flat 50; upTo 15: 5; rest: 1
    V104  22                          182
    V105  12 > 22                      22
  graduated upTo 5: 0 flat 100; upTo 10: 0 flat 50; upTo 15: 10; rest: 5
    V110  3                           100
    V112  5.001                       150
    V114  12                          170
    V116  20                          225
    V118  6                           150
  graduated upTo 5: 0 flat 100; upTo 10: 0 flat 50; upTo 15: 5; rest: 1 | minimum 1000
    V107  2 less 100                  900
  graduated upTo 5: 0 flat 100; upTo 10: 0 flat 50; upTo 15: 5; rest: 1 | maximum 170
    V108  22 less 160                  10
  volume upTo 5: 0 flat 100; upTo 10: 0 flat 150; upTo 15: 10; rest: 5; flat at zero
    V119  0                           100
    V121  5                           100
    V123  15                          150
    V125  100                         500
  volume upTo 5: 0 flat 100; upTo 10: 0 flat 150; upTo 15: 10; rest: 5; flat at zero | minimum 150
    V127  0                           150
    V129  5                           150
  volume upTo 5: 0 flat 100; upTo 10: 0 flat 150; upTo 15: 10; rest: 5; flat at zero | maximum 100
    V131  5                           100
  package of 10 at 15
    V133  0                             0
    V135  5                            15
    V137  9                            15
    V139  17 > 22                      15
    V164  1 > 9                         0
    V166  9 > 11                       15
    V168  9 > 1                         0
    V170  1 > 0                       -15
  package of 10 at 15 | minimum 100
    V140  0                           100
  package of 10 at 15 | maximum 100
    V141  110 less 90                  10
  per unit 100
    V142  10                         1000
  per unit 10 | minimum 100
    V143  0                           100
  per unit 10 | maximum 100
    V144  12 less 70                   30
    V172  8 > 12                       20
  per unit 10 | maximum 100 | discount 50 %
    V145  27 less 35                   65
  per unit 1.33333
    V146  10                        13.33
  per unit 1.33333 | maximum 100
    V147  120 less 93.33             6.67
  per unit 10
    V158  5 > 8                        30
    V160  8 > 5                       -30
  per unit 0.001
    V162  333 > 666                  0.34
    V171  333 > 666                  0.34
  volume upTo 15: 10; rest: 5; flat at zero
    V173  12 > 14                      20
    V175  15 > 15                       0
  volume upTo 5: 0 flat 100; upTo 10: 0 flat 150; rest: 5; flat at zero
    V177  5 > 7                        50
  volume upTo 15: 10; rest: 5; flat at zero | maximum 100
    V179  15 > 16                     -20
  volume upTo 15: 10; rest: 5; flat at zero | free 5
    V180  20 > 21                     -70
  # Kill Bill
  graduated upTo 10: 1.5; upTo 110: 1.0; rest: 0.5
    V181  111                       115.5
  graduated upTo 1000: 1 block 100; rest: 1 block 1000
    V183  5325                         15
  graduated upTo 1000: 2.95 block 100; rest: 5.95 block 1000
    V197  350                        11.8
    V199  300                        8.85
  volume upTo 1000: 1 block 100; upTo 101000: 1 block 1000; rest: 0.5 block 1000
    V184  1000                         10
    V186  101001                     51.0
  volume upTo 1000: 10 block 100; rest: 1 block 100
    V188  2000                         20
  graduated rest: 1 block 100
    V190  401 less 1                  4.0
  graduated upTo 1000: 1.00 block 10; rest: 0.50 block 10
    V192  1500                        125
  volume upTo 1000: 1.00 block 10; rest: 0.50 block 10
    V194  1500                         75
  # Meteroid
  graduated below 100: 1.0; below 200: 0.5; rest: 0.25
    V335  150                         125
  volume below 100: 1.0; below 200: 0.5; rest: 0.25
    V336  150                          75
  graduated rest: 1.0 cap 3
    V338  5                             3
  per unit 0.001
    V339  100                        0.10
  package of 20 at 5
    V340  45                           15
  # Flexprice
  per unit 100
    V347  5                           500
  package of 10 at 50
    V348  25                          150
  package of 100 at 1
    V356  100                           1
    V358  300                           3
    V360  99                            1
    V362  50                            1
    V364  250                           3
  volume upTo 10: 50; upTo 20: 40; rest: 30
    V349  5                           250
    V351  25                          750
  graduated upTo 10: 50; upTo 20: 40; rest: 30
    V352  5                           250
    V354  25                         1050
  graduated upTo 5: 0; upTo 10: 2; rest: 3
    V367  5                             0
    V369  10                           10
    V371  15                           25
  graduated upTo 5: 0 flat 1; upTo 10: 1 flat 2; rest: 2
    V373  7                             5
  graduated upTo 1: 10; upTo 2: 20; rest: 30
    V375  0                             0
    V377  2                            30
    V379  2.5                          45
  graduated upTo 10: 0.10; upTo 20: 0.05; rest: 0.02
    V380  9 + 15                     2.15
  volume upTo 10: 0.10; upTo 20: 0.05; rest: 0.02
    V381  9 + 15                     1.65
    V384  5 + 15                     1.25
  package of 100 at 5
    V382  50 + 150 + 200 + 99           30
  graduated upTo 10: 1; rest: 2
    V383  3 + 12                       17
  """
