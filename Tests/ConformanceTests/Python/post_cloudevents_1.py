"""Posts events in every mode, each twice, with the cloudevents package (1.x)."""

import sys

import requests
from cloudevents.conversion import to_binary, to_json, to_structured
from cloudevents.http import CloudEvent

address, token = sys.argv[1:]


def post(what, headers, body):
    headers = {**headers, "Authorization": f"Bearer {token}"}
    for _ in range(2):
        answer = requests.post(f"{address}/v1/events", headers=headers, data=body, timeout=20)
        print(what, answer.status_code, answer.text)


def event(name):
    attributes = {
        "id": f"one {name} \N{EURO SIGN}",
        "source": "//conformance/cloudevents-1",
        "type": "engine.ran",
        "subject": "engine-1",
        "time": "2013-01-05T08:00:00.5+01:00",
        "site": "north",
    }
    return CloudEvent(attributes, {"seconds": 60, "pilot": "J\xf6rg"})


post("structured", *to_structured(event("structured")))
plain = event("binary")
# The package writes header values as they are, and a header has no room for a euro sign.
plain["id"] = "one binary"
post("binary", *to_binary(plain))
# The package knows no batches; whoever wants one puts its events in a list.
batch = b"[" + b",".join(to_json(event(name)) for name in ("first", "second")) + b"]"
post("batch", {"Content-Type": "application/cloudevents-batch+json"}, batch)
