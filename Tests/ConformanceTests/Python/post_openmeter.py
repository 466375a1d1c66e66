"""Posts one event and a list of them, twice, with the client of OpenMeter; it raises on anything
but 204."""

import datetime
import sys

from openmeter import Client
from openmeter.models import Event

address, token = sys.argv[1:]


def event(name, subject="engine-1"):
    return Event(
        id=f"openmeter {name}",
        source="//conformance/openmeter",
        specversion="1.0",
        type="engine.ran",
        subject=subject,
        time=datetime.datetime(2013, 1, 5, 8, 0, 0, tzinfo=datetime.timezone.utc),
        data={"seconds": 60},
    )


with Client(endpoint=address, token=token) as client:
    for _ in range(2):
        client.events.ingest_event(event("single"))
        print("single 204")
        client.events.ingest_events([event("first"), event("second")])
        print("list 204")
        client.events.ingest_events_json([event("third"), event("fourth")])
        print("plain 204")
        # Nobody knows its subject yet. It is kept, so the client must not think it failed.
        client.events.ingest_event(event("stray", subject="engine-2"))
        print("stray 204")
