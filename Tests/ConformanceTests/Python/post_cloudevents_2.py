"""Posts events in every mode, each twice, with the cloudevents package (2.x)."""

import sys
from datetime import datetime, timedelta, timezone
from functools import partial

import posting
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

address, token = sys.argv[1:]
post = partial(posting.post, address, token)


def event(name):
    attributes = {
        "id": f"two {name} \N{EURO SIGN}",
        "source": "//conformance/cloudevents-2",
        "type": "engine.ran",
        "specversion": "1.0",
        "subject": "engine-1",
        "time": datetime(2013, 1, 5, 8, 0, 0, 500000, timezone(timedelta(hours=1))),
        "datacontenttype": "application/json",
        "site": "north",
    }
    return CloudEvent(attributes, {"seconds": 60, "pilot": "J\xf6rg"})


message = to_structured_event(event("structured"))
post("structured", message.headers, message.body)
message = to_binary_event(event("binary"))
post("binary", message.headers, message.body)
# The package knows no batches; whoever wants one puts its events in a list.
batch = b"[" + b",".join(JSONFormat().write(event(name)) for name in ("first", "second")) + b"]"
post("batch", {"Content-Type": "application/cloudevents-batch+json"}, batch)
