"""The checking relay: between whatever plays Stripe and the webhook endpoint of the app."""

import json
import re
import urllib.parse
from dataclasses import dataclass

from tests.contracts.answers import check_event
from tests.contracts.loopback import Answer, Handler, answering, forward
from tests.contracts.report import Report, Row
from tests.contracts.spec import Spec
from tests.contracts.violations import Violation

SIGNATURE = re.compile(r"t=\d+,(.*,)?v1=[0-9a-f]{64}")


@dataclass
class Relaying:
    """`target`: the address of the app's endpoint; None: nobody listens, answer 200 ourselves."""

    spec: Spec
    report: Report
    target: str | None


def relay_handler(relaying: Relaying) -> type[Handler]:
    def answer(request: Handler, body: bytes) -> Answer:
        signature = request.headers.get("Stripe-Signature") or ""
        row = _checked(relaying.spec, body, signature)
        answer = _delivered(request, relaying, row, body)
        row.status = answer[0]
        relaying.report.add(row)
        return answer

    return answering(answer)


def _checked(spec: Spec, body: bytes, signature: str) -> Row:
    row = Row("EVENT", "")
    try:
        event = json.loads(body)
        row.operation, row.event = event.get("type"), event.get("id")
        row.violations += check_event(spec, event)
    except ValueError as error:
        row.violations.append(Violation("event", "not_json", "", str(error)))
    if not SIGNATURE.match(signature):
        message = "no Stripe-Signature of the form t=..,v1=.."
        row.violations.append(Violation("event", "signature", "", message))
    return row


def _delivered(request: Handler, relaying: Relaying, row: Row, body: bytes) -> Answer:
    if relaying.target is None:
        return 200, [], b""
    target = urllib.parse.urlsplit(relaying.target)
    try:
        return forward(relaying.target, "POST", target.path or "/", body, request.passed_on())
    except OSError as error:
        row.violations.append(Violation("event", "upstream", "", repr(error)))
        return 502, [], b""
