"""Bills a month with a client that openapi-python-client wrote from openapi.yaml, and prints what
each operation answered."""

import importlib
import pkgutil
import sys
from datetime import date, datetime, timezone

folder, address, token = sys.argv[1:]
sys.path.insert(0, folder)

import usance_client
from usance_client import AuthenticatedClient, models
from usance_client.api.billing import finalise_invoice, get_invoice, list_invoices, run_billing
from usance_client.api.catalog import get_meter, put_asset, put_contract, put_customer, put_meter
from usance_client.api.events import list_events
from usance_client.api.usage import get_usage

# A module with a fault in its types fails when it is imported.
for module in pkgutil.walk_packages(usance_client.__path__, "usance_client."):
    importlib.import_module(module.name)

client = AuthenticatedClient(address, token, raise_on_unexpected_status=True, timeout=20)


def call(operation, *arguments, **options):
    """Calls an operation and returns its answer, as the class that the document names."""
    response = operation.sync_detailed(*arguments, client=client, **options)
    name = operation.__name__.rpartition(".")[2]
    print(name, int(response.status_code), type(response.parsed).__name__)
    return response.parsed


call(put_customer, "mill", body=models.Customer(name="A mill"))
meter = models.NumberMeter(
    aggregation=models.NumberMeterAggregation.SUM, event_types=["milled"], unit="t", value="/tons"
)
call(put_meter, "tons", body=meter)
# An answer can be put back as it is, and makes no new version.
stored = call(get_meter, "tons")
same = call(put_meter, "tons", body=models.NumberMeter.from_dict(stored.to_dict()))
print("version", stored.version, same.version)
price = models.PerUnitPrice(model="perUnit", rate="2.50")
contract = models.Contract(
    customer="mill",
    currency="EUR",
    zone="Europe/Berlin",
    from_=date(2013, 1, 1),
    clauses=[
        models.UsageCharge(key="flour", kind="usageCharge", meter="tons", price=price),
        models.FlatFee(key="rent", kind="flatFee", amount="100.00"),
    ],
)
call(put_contract, "milling", body=contract)
since = datetime(2013, 1, 1, tzinfo=timezone.utc)
assignment = models.Assignment(contract="milling", from_=since)
call(put_asset, "stone-1", body=models.Asset(assignments=[assignment]))

# If an operation accepts several content types, and one of them is a list, the generated code
# tests `isinstance(body, list[...])`, which Python refuses. So the HTTP client posts the events.
events = [
    models.CloudEvent(
        specversion="1.0",
        id=str(number),
        source="//mill",
        type_="milled",
        subject="stone-1",
        time=datetime(2013, 1, 15, 12, tzinfo=timezone.utc),
        data={"tons": number},
    ).to_dict()
    for number in (1, 2, 3)
]
answer = client.get_httpx_client().post("/v1/events", json=events)
receipt = models.EventReceipt.from_dict(answer.json())
print("accepted", receipt.accepted, "unmatched", receipt.unmatched)

page = call(list_events, type_="milled", status=models.EventStatus.COUNTED)
print(*(f"{event.subject} {event.data['tons']}" for event in page.items), sep=", ")
usage = call(
    get_usage,
    meter="tons",
    contract="milling",
    month="2013-01",
    by=models.GetUsageBy.ASSET,
    window=models.GetUsageWindow.MONTH,
)
print(usage.value, usage.unit, *(f"{part.subject} {part.value}" for part in usage.subjects))
run = call(run_billing, body=models.MonthBillingRun(month="2013-01", customer="mill"))
print(*(f"{result.invoice} {result.outcome.value} {result.total}" for result in run.results))
run = call(run_billing, body=models.DayBillingRun(as_of=date(2013, 2, 1), customer="mill"))
print(*(f"{result.invoice} {result.outcome.value} {result.total}" for result in run.results))
call(finalise_invoice, "milling~2013-01", body=models.FinaliseRequest(reason="checked"))
page = call(list_invoices, customer="mill", payment=models.PaymentStatus.OPEN)
print(*(f"{invoice.number} {invoice.open_}" for invoice in page.items))
invoice = call(get_invoice, "milling~2013-01")
print(*(f"{line.key} {line.amount}" for line in invoice.document.lines), sep=", ")
print(call(get_invoice, "milling~2013-02").code)
