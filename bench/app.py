"""The whole application, as uvicorn is told to serve it."""

from admit.core.config import load_settings
from admit.web import create_app
from admit.wiring import wire

app = create_app(wire(load_settings()))
