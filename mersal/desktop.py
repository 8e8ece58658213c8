"""Opening the chat in a browser, where somebody sits in front of one."""

import sys
import webbrowser

from broker.settings import child_environment


def has_desktop() -> bool:
    """Whether a browser would have a screen; a continuous integration has nobody to look."""
    environment = child_environment()
    if "CI" in environment:
        return False
    screen = environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    return sys.platform == "darwin" or bool(screen)


def open_page(url: str) -> None:
    """Ask the desktop to show a page; whether it does is its own business."""
    webbrowser.open(url)
