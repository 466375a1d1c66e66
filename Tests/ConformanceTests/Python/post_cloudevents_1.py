"""Posts events in every mode, each twice, with the cloudevents package (1.x)."""

import sys
from functools import partial

import posting
from cloudevents.conversion import to_binary, to_json, to_structured
from cloudevents.http import CloudEvent

address, token = sys.argv[1:]
post = partial(posting.post, address, token)


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
