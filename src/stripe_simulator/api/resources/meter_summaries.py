"""What a customer has used: in all, or for each hour or day. Newest first, as Stripe has it."""

from collections.abc import Sequence
from itertools import groupby

from stripe_simulator.api.pagination import page_of
from stripe_simulator.billing import metering
from stripe_simulator.billing.metering import WINDOWS, Reading
from stripe_simulator.errors import invalid
from stripe_simulator.objects import meter as built
from stripe_simulator.shapes import MINUTE, Json
from stripe_simulator.state.transaction import Transaction


def summaries(tx: Transaction, params: Json, id_: str) -> Json:
    """Errors: 400 for times that do not lie on a minute, or on the grouping's hour or day."""
    meter = tx.need("billing.meter", id_)
    start, end = params["start_time"], params["end_time"]
    length = WINDOWS.get(params.get("value_grouping_window") or "")
    check(start, end, length or MINUTE)
    found = metering.readings(tx, meter, customer=params["customer"], start=start, end=end)
    spans = grouped(found, length) if length else [(start, end, found)]
    shown = [
        built.summary(
            f"mtrusg_test_{meter['id'].rpartition('_')[2]}{begins}{finishes}",
            meter=id_,
            value=metering.aggregated(meter, some),
            start=begins,
            end=finishes,
        )
        for begins, finishes, some in reversed(spans)
    ]
    return page_of(shown, params, url=f"/v1/billing/meters/{id_}/event_summaries")


def check(start: int, end: int, step: int) -> None:
    if end <= start:
        raise invalid("end_time must be after start_time.", param="end_time")
    for name, value in (("start_time", start), ("end_time", end)):
        if value % step:
            raise invalid(f"{name} must be aligned with the window of {step} s.", param=name)


def grouped(found: Sequence[Reading], length: int) -> list[tuple[int, int, list[Reading]]]:
    """Only the windows in which something was used."""
    return [
        (window * length, (window + 1) * length, list(some))
        for window, some in groupby(found, key=lambda one: one.at // length)
    ]
