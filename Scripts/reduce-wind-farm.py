#!/usr/bin/env python3
"""Cuts the wind farm of the tests out of the published data.

    pip download openoa==3.2 --no-deps
    Scripts/reduce-wind-farm.py openoa-3.2-py3-none-any.whl

Kept are turbine R80790 in June 2014, and all four turbines on the days when clocks changed, in UTC
and with the figures as they were published: active power in kW, wind speed in m/s.

Of R80790 in both years the states are kept besides, a row wherever another one begins: down where
the power is not above 0 in a wind from 4 to below 25 m/s, unknown where either was not written.
"""

import csv
import datetime
import gzip
import io
import pathlib
import sys
import zipfile

STATES = pathlib.Path(__file__).parent.parent / "Tests/GoldenTests/WindFarm/r80790-states.csv"
TARGET = pathlib.Path(__file__).parent.parent / "Tests/StorageTests/WindFarm/la-haute-borne.csv.gz"
CLOCKS = ["2014-03-30", "2014-10-26", "2015-03-29", "2015-10-25"]


def published(wheel):
    data = zipfile.ZipFile(wheel).read("examples/data/la_haute_borne.zip")
    file = zipfile.ZipFile(io.BytesIO(data)).open("la-haute-borne-data-2014-2015.csv")
    for row in csv.DictReader(io.TextIOWrapper(file)):
        time = datetime.datetime.fromisoformat(row["Date_time"]).astimezone(datetime.timezone.utc)
        yield time, row


def rows(wheel):
    for time, row in published(wheel):
        text = time.strftime("%Y-%m-%dT%H:%M:%SZ")
        turbine = row["Wind_turbine_name"]
        if text[:10] in CLOCKS or (turbine == "R80790" and text.startswith("2014-06")):
            yield f"{turbine},{text},{row['P_avg']},{row['Ws_avg']}\n"


def state(row):
    if not row["P_avg"] or not row["Ws_avg"]:
        return "unknown"
    return "down" if float(row["P_avg"]) <= 0 and 4 <= float(row["Ws_avg"]) < 25 else "up"


def states(wheel):
    # Of two rows of one time the first stands; ten minutes without a row are unknown.
    told = {}
    for time, row in published(wheel):
        if row["Wind_turbine_name"] == "R80790":
            told.setdefault(time, state(row))
    time, last = datetime.datetime(2014, 1, 1, tzinfo=datetime.timezone.utc), None
    while time.year < 2016:
        now = told.get(time, "unknown")
        if now != last:
            yield f"{time:%Y-%m-%dT%H:%M:%SZ},{now}\n"
        time, last = time + datetime.timedelta(minutes=10), now


def main():
    # The order of the file stays: of two rows of one turbine and time, the first is the first.
    text = "turbine,time,power,wind\n" + "".join(rows(sys.argv[1]))
    TARGET.write_bytes(gzip.compress(text.encode(), mtime=0))
    STATES.write_text("from,state\n" + "".join(states(sys.argv[1])))
    print(f"{TARGET.name}: {text.count(chr(10)) - 1} rows, {TARGET.stat().st_size} bytes")


main()
