"""Who a browser is: a random name in a signed cookie, and the conversations that it may see."""

import logging
import os
import re
import secrets
from pathlib import Path

from itsdangerous import BadSignature, TimestampSigner
from starlette.requests import HTTPConnection

from broker.errors import SettingsError
from broker.messages import Address
from broker.settings import Settings

logger = logging.getLogger(__name__)

CHANNEL = "web"
COOKIE = "mersal"
SECRET_FILE = "web-secret"
MAX_CONVERSATIONS = 9999

_NAME = re.compile(r"[A-Za-z0-9_-]{20,64}")


class Sessions:
    """Makes and checks the cookies. One secret signs them all; whoever has it is everyone."""

    def __init__(self, secret: str, keep_s: int, secure: bool) -> None:
        self._signer = TimestampSigner(secret, salt="mersal.web.session")
        self._keep_s = keep_s
        self._secure = secure

    def new(self) -> str:
        """The name of a new session."""
        return secrets.token_urlsafe(18)

    def read(self, connection: HTTPConnection) -> str | None:
        """The session of a browser; None without a cookie, or with one that is not ours."""
        value = connection.cookies.get(COOKIE, "")
        try:
            name = self._signer.unsign(value, max_age=self._keep_s).decode()
        except (BadSignature, UnicodeDecodeError):
            return None
        return name if _NAME.fullmatch(name) else None

    def cookie(self, session: str) -> str:
        """The Set-Cookie header that keeps a session as long as its conversations are kept."""
        value = self._signer.sign(session).decode()
        parts = [f"{COOKIE}={value}", "Path=/", f"Max-Age={self._keep_s}", "HttpOnly"]
        return "; ".join([*parts, "SameSite=Lax", *(["Secure"] if self._secure else [])])


def address(session: str, number: int) -> Address:
    """The conversation of this number in a session. The browser says the number, never more."""
    if not 1 <= number <= MAX_CONVERSATIONS:
        raise ValueError("conversation number out of range")
    return Address(CHANNEL, f"{session}.{number}")


def open_sessions(settings: Settings) -> Sessions:
    """Sessions signed with the secret that is set, else with one kept in the state directory."""
    chosen = settings.web.secret
    secret = chosen.get_secret_value() if chosen else _kept_secret(settings.state_dir)
    return Sessions(secret, settings.retention.conversation_s, settings.web.secure_cookie)


def _kept_secret(state_dir: Path) -> str:
    path = state_dir / SECRET_FILE
    try:
        if not path.exists():
            _write_secret(path)
        secret = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"web chat: cannot keep its secret in {path}: {error}; "
            "set MERSAL_STATE_DIR to a folder that can be written, or set MERSAL_WEB__SECRET"
        ) from None
    if len(secret) < 32:
        raise SettingsError(f"web chat: {path} holds no secret; delete it and start again")
    return secret


def _write_secret(path: Path) -> None:
    """Create the file whole or not at all: two processes may start at once."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    try:
        os.link(draft, path)
        logger.info("web chat made its secret in %s", path)
    except FileExistsError:
        pass  # the other process was first
    finally:
        draft.unlink()
