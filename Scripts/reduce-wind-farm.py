#!/usr/bin/env python3
"""Cuts the wind farm of the tests out of the published data.

    pip download openoa==3.2 --no-deps
    Scripts/reduce-wind-farm.py openoa-3.2-py3-none-any.whl

Kept are turbine R80790 in June 2014, and all four turbines on the days when clocks changed, in UTC
and with the figures as they were published: active power in kW, wind speed in m/s.
"""

import csv
import datetime
import gzip
import io
import pathlib
import sys
import zipfile

TARGET = pathlib.Path(__file__).parent.parent / "Tests/StorageTests/WindFarm/la-haute-borne.csv.gz"
CLOCKS = ["2014-03-30", "2014-10-26", "2015-03-29", "2015-10-25"]


def rows(wheel):
    data = zipfile.ZipFile(wheel).read("examples/data/la_haute_borne.zip")
    file = zipfile.ZipFile(io.BytesIO(data)).open("la-haute-borne-data-2014-2015.csv")
    for row in csv.DictReader(io.TextIOWrapper(file)):
        time = datetime.datetime.fromisoformat(row["Date_time"]).astimezone(datetime.timezone.utc)
        text = time.strftime("%Y-%m-%dT%H:%M:%SZ")
        turbine = row["Wind_turbine_name"]
        if text[:10] in CLOCKS or (turbine == "R80790" and text.startswith("2014-06")):
            yield f"{turbine},{text},{row['P_avg']},{row['Ws_avg']}\n"


def main():
    # The order of the file stays: of two rows of one turbine and time, the first is the first.
    text = "turbine,time,power,wind\n" + "".join(rows(sys.argv[1]))
    TARGET.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{TARGET.name}: {text.count(chr(10)) - 1} rows, {TARGET.stat().st_size} bytes")


main()
