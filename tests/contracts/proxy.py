"""The validating proxy: between a client of Stripe and whatever plays Stripe."""

import json
import urllib.parse
from dataclasses import dataclass
from typing import Any

from tests.contracts.answers import check_response
from tests.contracts.form import FormError, parse_form
from tests.contracts.loopback import Answer, Handler, answering, forward
from tests.contracts.parameters import check_request
from tests.contracts.report import Report, Row
from tests.contracts.spec import FORM_TYPES, Operation, Spec
from tests.contracts.violations import Violation, errors_in

JSON = [("Content-Type", "application/json")]
CODES = {"unknown_param": "parameter_unknown", "missing_param": "parameter_missing"}


@dataclass
class Proxying:
    """`enforce`: answer 400 to a request that Stripe would refuse, and do not pass it on."""

    spec: Spec
    report: Report
    upstream: str
    enforce: bool = True


def proxy_handler(proxying: Proxying) -> type[Handler]:
    """Checks what is under /v1/; the rest (pages, control) goes through untouched."""

    def answer(request: Handler, body: bytes) -> Answer:
        path = urllib.parse.urlsplit(request.path).path
        if path == "/__contract__/summary":
            return 200, JSON, json.dumps(proxying.report.summary()).encode()
        if path.startswith("/v1/"):
            return _checked(request, proxying, body)
        return _passed(request, proxying, body)

    return answering(answer)


def _passed(request: Handler, proxying: Proxying, body: bytes) -> Answer:
    headers = request.passed_on(without=frozenset({"accept-encoding"}))
    try:
        return forward(proxying.upstream, request.command, request.path, body, headers)
    except OSError:
        return 502, [], b""


def _checked(request: Handler, proxying: Proxying, body: bytes) -> Answer:
    target = urllib.parse.urlsplit(request.path)
    operation = proxying.spec.match(request.command, target.path)
    row = Row(request.command, target.path, operation.path if operation else None)
    _check_request(request, proxying.spec, operation, row, query=target.query, body=body)
    wrong = errors_in(row.violations)
    if wrong and proxying.enforce:
        row.enforced = True
        answer = _refusal(wrong[0])
    else:
        answer = _passed(request, proxying, body)
        _check_answer(proxying.spec, operation, row, answer)
    row.status = answer[0]
    proxying.report.add(row)
    return answer


def _check_request(
    request: Handler,
    spec: Spec,
    operation: Operation | None,
    row: Row,
    *,
    query: str,
    body: bytes,
) -> None:
    if operation is None:
        row.violations.append(_wrong("unknown_endpoint", row.path, f"no {row.method} in the spec"))
    else:
        row.violations += _check_parameters(request, spec, operation, row, query=query, body=body)
    if not request.headers.get("Authorization"):
        row.violations.append(_wrong("auth", "", "no Authorization header"))
    version = request.headers.get("Stripe-Version")
    if version != spec.version:
        message = f"Stripe-Version {version}, spec {spec.version}"
        row.violations.append(Violation("request", "api_version", "", message, "warn"))


def _check_parameters(
    request: Handler, spec: Spec, operation: Operation, row: Row, *, query: str, body: bytes
) -> list[Violation]:
    content_type = (request.headers.get("Content-Type") or "").split(";")[0].strip()
    if body and content_type not in FORM_TYPES:
        return [_wrong("content_type", "", f"v1 takes form bodies, not {content_type!r}")]
    if content_type == "multipart/form-data":
        return []
    try:
        row.parameters = parse_form("&".join(filter(None, (query, body.decode(errors="replace")))))
    except FormError as error:
        return [_wrong("form", "", str(error))]
    return check_request(spec, operation, row.parameters)


def _check_answer(spec: Spec, operation: Operation | None, row: Row, answer: Answer) -> None:
    status, _, data = answer
    if operation is None:
        return
    accepted = errors_in(row.violations) and status < 300
    row.violations += check_response(spec, operation, status, _json(data), row.parameters)
    if accepted:
        message = "a request that breaks the spec got a 2xx"
        row.violations.append(Violation("response", "accepted_bad_request", "", message))


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None


def _refusal(wrong: Violation) -> Answer:
    error = {
        "type": "invalid_request_error",
        "message": f"contract: {wrong.kind} {wrong.path}: {wrong.msg}",
        "param": wrong.path,
    }
    if wrong.kind in CODES:
        error["code"] = CODES[wrong.kind]
    return 400, JSON, json.dumps({"error": error}).encode()


def _wrong(kind: str, path: str, message: str) -> Violation:
    return Violation("request", kind, path, message)
