"""The control room's records: every object, every event with its deliveries, and sending again."""

import json

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stripe_simulator.pages import control_bank
from stripe_simulator.pages.card_form import simulator_of
from stripe_simulator.pages.overview import Moment, brief_moment
from stripe_simulator.pages.protection import is_our_own_form, refused
from stripe_simulator.pages.rendering import notice, page
from stripe_simulator.shapes import Json
from stripe_simulator.state.objects import Selection
from stripe_simulator.state.transaction import Transaction, public
from stripe_simulator.webhooks import ledger
from stripe_simulator.webhooks.outbox import deliver
from stripe_simulator.webhooks.payloads import payload

MOST = 100


async def kinds(request: Request) -> Response:
    """How many there are of each kind; with `?kind=`, a page of one, from below `?before=`."""
    tx = simulator_of(request).store.reading()
    rows = tx.db.execute(
        "SELECT kind, COUNT(*) FROM objects WHERE deleted = 0 GROUP BY kind ORDER BY kind"
    ).fetchall()
    kind = request.query_params.get("kind")
    found = page_of(tx, kind, request.query_params.get("before")) if kind else []
    shown = found[:MOST]
    return page(
        "control_objects.html",
        kinds=rows,
        kind=kind,
        listed=[(one["id"], label(one), brief_moment(one.get("created", 0))) for one in shown],
        older=shown[-1]["id"] if len(found) > MOST else None,
    )


def page_of(tx: Transaction, kind: str, before: str | None) -> list[Json]:
    """One more than a page holds, when there are more."""
    position = tx.position(before) if before else None
    return tx.select(Selection(kind, before=position, limit=MOST + 1))


def label(obj: Json) -> str:
    """What a person would know it by."""
    names = ("number", "name", "email", "type", "nickname", "status", "url")
    return next((str(obj[name]) for name in names if obj.get(name)), "")


async def one(request: Request) -> Response:
    tx = simulator_of(request).store.reading()
    found = tx.get(request.path_params["id"])
    if found is None:
        return unknown()
    if found["object"] == "event":
        return RedirectResponse(f"/_control/events/{found['id']}", status_code=303)
    text = json.dumps(public(found), indent=2, ensure_ascii=False)
    return page(
        "control_object.html",
        found=found,
        text=text,
        events=events_about(tx, found["id"]),
        related=related(tx, found),
        deeds=control_bank.offered(found),
    )


def events_about(tx: Transaction, id_: str) -> list[tuple[str, str, Moment]]:
    """The newest, each with what it is called and when it was."""
    rows = tx.db.execute(
        "SELECT id, json_extract(data, '$.type'), created FROM objects WHERE kind = 'event'"
        " AND json_extract(data, '$.data.object.id') = ? ORDER BY seq DESC LIMIT ?",
        (id_, MOST),
    )
    return [(event, kind, brief_moment(created)) for event, kind, created in rows]


def related(tx: Transaction, found: Json) -> list[tuple[str, str]]:
    """The objects that it names, by member."""
    pairs = [(name, value) for name, value in found.items() if isinstance(value, str)]
    return [
        (name, value)
        for name, value in pairs
        if "_" in value and value != found["id"] and tx.get(value) is not None
    ]


async def event(request: Request) -> Response:
    """An event as it is sent, and every attempt to deliver it."""
    simulator = simulator_of(request)
    tx = simulator.store.reading()
    found = tx.get(request.path_params["id"], "event")
    if found is None:
        return unknown()
    return page(
        "control_event.html",
        event=found,
        at=brief_moment(found["created"]),
        about=found["data"]["object"].get("id"),
        deliveries=[delivery(tx, found, *row) for row in deliveries_of(tx, found["id"])],
    )


def deliveries_of(tx: Transaction, event_id: str) -> list[tuple[int, str, str]]:
    return tx.db.execute(
        "SELECT seq, endpoint, status FROM deliveries WHERE event = ? ORDER BY seq", (event_id,)
    ).fetchall()


def delivery(tx: Transaction, event: Json, seq: int, endpoint_id: str, status: str) -> Json:
    endpoint = tx.get(endpoint_id) or {}
    body = payload(tx, event, version=endpoint.get("api_version"))
    return {
        "url": endpoint.get("url", endpoint_id),
        "status": status,
        "request": json.dumps(json.loads(body), indent=2, ensure_ascii=False),
        "attempts": [
            attempt | {"at": brief_moment(attempt["simulated"])}
            for attempt in ledger.attempts_of(tx.db, seq)
        ],
    }


async def resend(request: Request) -> Response:
    simulator = simulator_of(request)
    if not is_our_own_form(request, base_url=simulator.base_url):
        return refused()
    id_ = request.path_params["id"]
    with simulator.store.writing() as tx:
        if tx.get(id_, "event") is None:
            return unknown()
        for endpoint in tx.find("webhook_endpoint", status="enabled"):
            deliver(tx, event_id=id_, endpoint_id=endpoint["id"])
    await simulator.deliveries.flush()
    return RedirectResponse(f"/_control/events/{id_}", status_code=303)


def unknown() -> Response:
    return notice(
        heading="There is no such thing",
        text="It may belong to a state that was reset.",
        status=404,
        mark="?",
        link="/_control",
        link_text="Back to the control room",
    )
