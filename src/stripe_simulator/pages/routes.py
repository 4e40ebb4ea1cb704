"""Every page of the simulator, to be mounted at its root."""

from starlette.routing import BaseRoute, Route

from stripe_simulator.pages import (
    challenge,
    control_bank,
    control_records,
    control_room,
    control_switches,
    front_door,
    invoice,
    payment,
    portal_routes,
    receipt,
    rendering,
)

routes: list[BaseRoute] = [
    Route("/", front_door.show, methods=["GET"]),
    Route("/_control", control_room.show, methods=["GET"]),
    Route("/_control/time", control_room.advance, methods=["POST"]),
    Route("/_control/switches", control_switches.press, methods=["POST"]),
    Route("/_control/objects", control_records.kinds, methods=["GET"]),
    Route("/_control/objects/{id}", control_records.one, methods=["GET"]),
    Route("/_control/objects/{id}/bank", control_bank.do, methods=["POST"]),
    Route("/_control/events/{id}", control_records.event, methods=["GET"]),
    Route("/_control/events/{id}/send-again", control_records.resend, methods=["POST"]),
    Route("/c/pay/{session_id}", payment.show, methods=["GET"]),
    Route("/c/pay/{session_id}", payment.submit, methods=["POST"]),
    Route("/c/pay/{session_id}/code", payment.use_code, methods=["POST"]),
    Route("/c/pay/{session_id}/quantity", payment.set_quantity, methods=["POST"]),
    Route("/c/recover/{session_id}", payment.start_again, methods=["GET"]),
    Route("/c/pay/{session_id}/test-card", payment.fill_test_card, methods=["POST"]),
    Route("/c/3ds/{id}", challenge.show, methods=["GET"]),
    Route("/c/3ds/{id}", challenge.submit, methods=["POST"]),
    Route("/c/3ds/{id}/done", challenge.done, methods=["GET"]),
    Route("/i/{invoice_id}", invoice.show, methods=["GET"]),
    Route("/i/{invoice_id}", invoice.submit, methods=["POST"]),
    Route("/i/{invoice_id}/test-card", invoice.fill_test_card, methods=["POST"]),
    Route("/i/{invoice_id}/pdf", invoice.pdf, methods=["GET"]),
    Route("/i/{invoice_id}/credit-notes/{note_id}/pdf", invoice.credit_note, methods=["GET"]),
    Route("/r/{charge_id}", receipt.show, methods=["GET"]),
    *portal_routes.routes,
    Route("/c/static/{name}", rendering.static, methods=["GET"]),
]
