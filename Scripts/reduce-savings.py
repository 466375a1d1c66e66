#!/usr/bin/env python3
"""Reduces a simulated meter of the published package opendsm to a baseline and a year behind it.

    Scripts/reduce-savings.py                    writes the table into the tests
    Scripts/reduce-savings.py --check            fails where the committed table differs
    Scripts/reduce-savings.py --wheel FILE       reads a package that is already here

Standard library only, and nothing of the product. The meter (opendsm, Apache-2.0, a house in
Illinois) was simulated with balance points of 60 and 65 degrees Fahrenheit and uses a true tenth
less from 2017 on. The regression of the year before is fitted here once, by least squares in exact
fractions, and frozen at four decimals, as both sides of a contract would.
"""

import argparse
import collections
import csv
import gzip
import hashlib
import io
import math
import pathlib
import subprocess
import sys
import tempfile
import zipfile
from fractions import Fraction

RELEASE = "opendsm==1.2.7"
WHEEL_SHA256 = "3c4637bdefb2b40b4d1ec6ae6308c42b03e491769e93cb5ee397ef2b86856780"
SAMPLES = "opendsm/eemeter/samples/"
HEATING, COOLING = Fraction(60), Fraction(65)
BASELINE = ("2015-12-26", "2016-12-26")
REPORTING = ("2017-02-01", "2018-02-01")
OUTPUT = (
    pathlib.Path(__file__).resolve().parent.parent / "Tests/GoldenTests/Savings/house-2017.txt"
)


def download(folder):
    """The hash stands in the requirement: pip refuses another file."""
    requirement = pathlib.Path(folder) / "requirement.txt"
    requirement.write_text(f"{RELEASE} --hash=sha256:{WHEEL_SHA256}\n")
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        + ["--requirement", str(requirement), "--dest", folder],
        check=True,
    )
    return next(pathlib.Path(folder).glob("opendsm-*.whl"))


def table(archive, name):
    text = gzip.decompress(archive.read(f"{SAMPLES}{name}.csv.gz")).decode()
    return list(csv.reader(io.StringIO(text)))[1:]


def days(wheel):
    """For each day that is known: its kWh, heating and cooling degree days to two places."""
    content = pathlib.Path(wheel).read_bytes()
    if hashlib.sha256(content).hexdigest() != WHEEL_SHA256:
        sys.exit(f"{wheel} is not the published {RELEASE}")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        energy = table(archive, "il-electricity-cdd-hdd-daily")
        hours = collections.defaultdict(list)
        for start, degrees in table(archive, "il-tempF"):
            if degrees not in ("", "nan"):
                hours[start[:10]].append(Fraction(degrees))
    known = {}
    for start, value in energy:
        day = start[:10]
        if value in ("", "nan") or not hours[day]:
            continue
        mean = sum(hours[day]) / len(hours[day])
        degree_days = (max(Fraction(0), HEATING - mean), max(Fraction(0), mean - COOLING))
        known[day] = (Fraction(value), *(rounded(value, 2) for value in degree_days))
    return known


def rounded(value, places):
    units = math.floor(abs(value) * 10**places + Fraction(1, 2))
    return Fraction(-units if value < 0 else units, 10**places)


def solve(matrix):
    """Gauss-Jordan over fractions; the last column is the right side."""
    size = len(matrix)
    for column in range(size):
        pivot = next(row for row in range(column, size) if matrix[row][column])
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        matrix[column] = [value / matrix[column][column] for value in matrix[column]]
        for row in range(size):
            if row != column:
                factor = matrix[row][column]
                matrix[row] = [a - factor * b for a, b in zip(matrix[row], matrix[column])]
    return [row[-1] for row in matrix]


def fitted(rows):
    """Coefficients at four decimals, and how well they fit: CV(RMSE) with n - 3 in it."""
    inputs = [(Fraction(1), heat, cool) for _, heat, cool in rows]
    used = [energy for energy, _, _ in rows]
    normal = [
        [sum(x[i] * x[j] for x in inputs) for j in range(3)]
        + [sum(x[i] * y for x, y in zip(inputs, used))]
        for i in range(3)
    ]
    frozen = [rounded(value, 4) for value in solve(normal)]
    square = sum((y - sum(b * v for b, v in zip(frozen, x))) ** 2 for x, y in zip(inputs, used))
    mean = sum(used) / len(used)
    fit = math.sqrt(square / (len(rows) - 3)) / float(mean)
    return frozen, rounded(Fraction(fit), 4)


def text(value, places):
    units = int(value * 10**places)
    return f"{units // 10**places}.{units % 10**places:0{places}}"


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--wheel")
    options.add_argument("--check", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        known = days(chosen.wheel or download(folder))
    before = [row for day, row in known.items() if BASELINE[0] <= day < BASELINE[1]]
    behind = {day: row for day, row in known.items() if REPORTING[0] <= day < REPORTING[1]}
    (base, heating, cooling), fit = fitted(before)
    lines = [
        f"baseline {text(base, 4)} {text(heating, 4)} {text(cooling, 4)} {text(fit, 4)} {len(before)}"
    ]
    expected = Fraction(0)
    for day, (energy, heat, cool) in sorted(behind.items()):
        lines.append(f"day {day} {text(energy, 2)} {text(heat, 2)} {text(cool, 2)}")
        expected += base + heating * heat + cooling * cool
    used = sum(energy for energy, _, _ in behind.values())
    print(lines[0])
    print(f"days {len(behind)}, baseline {float(expected):.2f}, used {float(used):.2f}")
    print(f"saved {float((expected - used) / expected * 100):.4f} %")
    written = "".join(line + "\n" for line in lines)
    if not chosen.check:
        OUTPUT.parent.mkdir(exist_ok=True)
        OUTPUT.write_text(written)
    elif OUTPUT.read_text() != written:
        sys.exit(f"{OUTPUT.name} is not what the meter comes to")


if __name__ == "__main__":
    main()
