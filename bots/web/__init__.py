"""The web chat."""

from bots.web.app import create_app
from bots.web.server import run, serve

__all__ = ["create_app", "run", "serve"]
