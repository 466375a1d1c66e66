#!/usr/bin/env python3
"""Computes what the demo's engines did, by month, day and tail, straight from its committed data.

    Scripts/recompute-usage.py                   writes the table that the tests compare with
    Scripts/recompute-usage.py --check           fails where the committed table differs

Standard library only, and nothing of the product: the columns are read by their names, a departure
is placed on New York's calendar by `zoneinfo`, and sums are sums. The layout of the columns is
described in Sources/Command/Demo/Archive/README.md.
"""

import argparse
import collections
import datetime
import gzip
import hashlib
import pathlib
import sys
import zoneinfo

ROOT = pathlib.Path(__file__).resolve().parent.parent
COLUMNS = ROOT / "Sources/Command/Demo/Archive/flights-2013q1.columns.gz"
OUTPUT = ROOT / "Tests/CommandTests/Flights/usage-2013q1.txt"
NEW_YORK = zoneinfo.ZoneInfo("America/New_York")


def columns():
    """Each line's name and its values; `=` stands for the value before."""
    table = {}
    for line in gzip.decompress(COLUMNS.read_bytes()).decode().splitlines():
        name, *values = line.split(" ")
        for index, value in enumerate(values):
            if value == "=":
                values[index] = values[index - 1]
        table[name] = values
    return table


def flown():
    """Carrier, tail, day, engine-seconds and engine-cycles of every flight that counts."""
    table = columns()
    engines = dict(zip(table["known"], map(int, table["engines"])))
    rows = zip(*(table[name] for name in ("carrier", "date", "departure", "minutes", "tail")))
    for carrier, date, departure, minutes, tail in rows:
        if minutes == "-" or tail not in engines:
            continue
        month, day = map(int, date.split("-"))
        local = datetime.datetime(
            2013, month, day, int(departure[:2]), int(departure[2:]), tzinfo=NEW_YORK
        )
        # There and back again: the day is that of the moment, not of the file.
        moment = local.astimezone(datetime.timezone.utc)
        day = moment.astimezone(NEW_YORK).date().isoformat()
        yield carrier, tail, day, int(minutes) * 60 * engines[tail], engines[tail]


def lines():
    sums = collections.defaultdict(lambda: [0, 0])
    for carrier, tail, day, seconds, cycles in flown():
        for key in (
            ("month", carrier, day[:7]), ("day", carrier, day), ("tail", tail, "2013"),
            ("tail-day", tail, day),
        ):
            sums[key][0] += seconds
            sums[key][1] += cycles
    texts = [" ".join([*key, *map(str, sums[key])]) for key in sorted(sums)]
    each = [text for text in texts if text.startswith("tail-day ")]
    digest = hashlib.sha256("".join(text + "\n" for text in each).encode()).hexdigest()
    rest = [text for text in texts if not text.startswith("tail-day ")]
    return [*rest, f"tail-day {len(each)} lines with sha256 {digest}"]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--check", action="store_true")
    text = "".join(line + "\n" for line in lines())
    if not options.parse_args().check:
        OUTPUT.parent.mkdir(exist_ok=True)
        OUTPUT.write_text(text)
    elif OUTPUT.read_text() != text:
        sys.exit(f"{OUTPUT.name} is not what the flights come to")


if __name__ == "__main__":
    main()
