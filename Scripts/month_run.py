#!/usr/bin/env python3
"""Times a month's run of two programs in turn, each on copies of its own data in memory.

    Scripts/month_run.py OLD NEW                      2,000 contracts with 100 events each, 7 rounds
    Scripts/month_run.py OLD NEW --contracts 300 --events 1000 --rounds 5 --wait 4

A contract has five clauses and one engine; the catalog and the events are those of `usance-bench`. Each
round copies the data of a program, starts it, waits, and asks for the run, for the same run again, and
for the run that finalises. Printed are the medians in seconds, and how many times faster the second
program is. Standard library only; the service is started as Scripts/load.py does.
"""

import argparse
import datetime
import json
import os
import pathlib
import random
import shutil
import statistics
import tempfile
import time
import uuid

import load

MONTH = "2024-01"
CLAUSES = [
    {"key": "power", "kind": "severityHours", "hours": "engine-time", "cycles": "engine-runs",
     "rate": "100.00", "cycleRate": "10.00", "severityMin": "0.70", "severityMax": "2.00",
     "legTable": [{"at": "0.25", "factor": "1.60"}, {"at": "0.5", "factor": "1.30"},
                  {"at": "1", "factor": "1.10"}, {"at": "2", "factor": "1.00"}]},
    {"key": "running", "kind": "usageCharge", "meter": "engine-time",
     "price": {"model": "graduated", "tiers": [
         {"upTo": "1000000", "rate": "0.0030"}, {"upTo": "10000000", "rate": "0.0025"},
         {"rate": "0.0020"}]}},
    {"key": "starts", "kind": "usageCharge", "meter": "engine-runs", "free": "100",
     "discountPercent": "2.5",
     "price": {"model": "volume", "tiers": [{"upTo": "5000", "rate": "0.50"}, {"rate": "0.45"}]}},
    {"key": "inspections", "kind": "usageCharge", "meter": "engine-runs", "maximum": "5000.00",
     "price": {"model": "package", "amount": "12.50", "units": "250"}},
    {"key": "access", "kind": "flatFee", "amount": "250.00"}]
METERS = {
    "engine-time": {"aggregation": "sum", "eventTypes": ["engine.run"], "unit": "s",
                    "value": "/seconds"},
    "engine-runs": {"aggregation": "count", "eventTypes": ["engine.run"], "unit": "runs"}}
# Engines are drawn, and fly many legs at a time. What an older program does not know is left out.
BOUNDS = {"engine-time": {"perAssetHour": "1000000000", "equalEvents": "count"},
          "engine-runs": {"equalEvents": "count"}}
RUN_SECONDS_MAX = 600
PARTS = ["first", "again", "finalised"]


class Desk(load.Service):
    """A service with somebody who may ask it for everything."""

    def __init__(self, program, data):
        super().__init__(program, data)
        self.operator = self.token("operator")
        while self.ask("GET", "/readyz")[0] != 200:
            time.sleep(0.01)

    def ask(self, method, path, body=None, kind="application/json"):
        connection = load.connect(self.port, RUN_SECONDS_MAX)
        return load.ask(connection, method, path, self.operator, body, kind)

    def get(self, method, path, body=None, kind="application/json"):
        status, text = self.ask(method, path, body, kind)
        assert status in (200, 201), (path, status, text[:500])
        return text


def catalog(numbers):
    return {
        "customers": {f"operator-{n}": {"name": f"Operator {n}"} for n in numbers},
        "contracts": {f"contract-{n}": {
            "customer": f"operator-{n}", "currency": "EUR", "zone": "Europe/Berlin",
            "from": "2023-01-01", "clauses": CLAUSES} for n in numbers},
        "assets": {f"engine-{n:05}": {"assignments": [
            {"contract": f"contract-{n}", "from": "2023-01-01T00:00:00Z"}]} for n in numbers}}


def events(contracts, each):
    """In the order of time over the month, each of an engine that is drawn."""
    draw, begin = random.Random(1), datetime.datetime(2024, 1, 1)
    count = contracts * each
    for n in range(count):
        moment = begin + datetime.timedelta(seconds=int(n * 30 * 86_400 / count))
        yield json.dumps({
            "specversion": "1.0", "id": str(uuid.UUID(int=draw.getrandbits(128), version=4)),
            "source": f"//gateway-{n % 20:02}", "type": "engine.run",
            "subject": f"engine-{draw.randrange(contracts):05}",
            "time": moment.isoformat() + "Z",
            "data": {"seconds": draw.randrange(1000, 5000), "cycles": 1}}, separators=(",", ":"))


def fill(program, data, contracts, each):
    service = Desk(program, data)
    for key, meter in METERS.items():
        bounds = BOUNDS[key]
        older = {name: bounds[name] for name in bounds if name != "equalEvents"}
        tries = [meter | {"bounds": some} for some in (bounds, older) if some] + [meter]
        statuses = (service.ask("PUT", f"/v1/meters/{key}", json.dumps(one))[0] for one in tries)
        assert any(status in (200, 201) for status in statuses), key
    for first in range(0, contracts, 1000):
        numbers = range(first, min(first + 1000, contracts))
        service.get("POST", "/v1/catalog", json.dumps(catalog(numbers)))
    lines = list(events(contracts, each))
    for first in range(0, len(lines), 5000):
        service.get("POST", "/v1/events", "\n".join(lines[first:first + 5000]),
                    "application/x-ndjson")
    while True:
        time.sleep(2)
        metrics = service.get("GET", "/metrics").decode()
        if "\nusance_blocks_waiting 0\n" in metrics:
            break
    service.end(in_order=True)


def times(program, kept, wait):
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="usance-run-") as folder:
        data = os.path.join(folder, "data")
        shutil.copytree(kept, data)
        os.chmod(data, 0o700)
        service = Desk(program, data)
        time.sleep(wait)
        taken, outcomes = [], []
        for finalise in (False, False, True):
            began = time.monotonic()
            answer = service.get("POST", "/v1/billing-runs", json.dumps(
                {"month": MONTH, "finalise": finalise}))
            taken.append(time.monotonic() - began)
            outcomes.append({result["outcome"] for result in json.loads(answer)["results"]})
        # Older programs say `unchanged` of what they close.
        assert outcomes[:2] == [{"drafted"}, {"unchanged"}], outcomes
        invoice = json.loads(service.get("GET", f"/v1/invoices/contract-0~{MONTH}"))
        assert invoice["status"] == "final", invoice
        service.end(in_order=True)
        return taken


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--contracts", type=int, default=2000)
    parser.add_argument("--events", type=int, default=100, help="of each contract")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--wait", type=float, default=0, help="seconds behind the start")
    asked = parser.parse_args()
    programs = [str(pathlib.Path(program).resolve()) for program in (asked.old, asked.new)]
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="usance-kept-") as folder:
        kept = [os.path.join(folder, name) for name in ("old", "new")]
        for program, data in zip(programs, kept):
            fill(program, data, asked.contracts, asked.events)
        rounds = [[], []]
        for number in range(asked.rounds):
            for place in (0, 1) if number % 2 == 0 else (1, 0):
                rounds[place].append(times(programs[place], kept[place], asked.wait))
    print(f"{asked.contracts} contracts, {asked.events} events each, {asked.rounds} rounds")
    for part, name in enumerate(PARTS):
        old, new = (statistics.median(taken[part] for taken in of) for of in rounds)
        print(f"{name:10} {old:7.3f} {new:7.3f}  {old / new:5.2f}")


if __name__ == "__main__":
    main()
