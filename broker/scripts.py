"""The Lua scripts, each put together from its file, what it shares, and the key spelling."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from broker.envelope import ring_envelope
from broker.keys import lua_functions

FOLDER = Path(__file__).parent / "lua"


@dataclass(frozen=True, slots=True)
class Script:
    """A script as Redis gets it; `sha` names it once it is loaded."""

    name: str
    source: str
    sha: str


def load_script(name: str, *shared: str) -> Script:
    """Read lua/<name>.lua behind the shared files that it needs."""
    files = [(FOLDER / f"{part}.lua").read_text(encoding="utf-8") for part in (*shared, name)]
    body = "".join(files)
    head = "local call = redis.call\n" + lua_functions(body)
    if "_queue" in shared:
        head += f"local RING_ENVELOPE = [==[{ring_envelope()}]==]\n"
    source = head + body
    return Script(name, source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest())


SUBMIT = load_script("submit", "_time", "_queue", "_line")
LINE = load_script("line", "_line")
STEP = load_script("step", "_time", "_queue", "_serving", "_take")
RENEW = load_script("renew", "_time", "_queue")
RELEASE = load_script("release", "_time", "_queue", "_serving")
SWEEP = load_script("sweep", "_time", "_queue", "_serving")
CANCEL = load_script("cancel")
WITHDRAW = load_script("withdraw", "_time", "_queue")
FORGET = load_script("forget", "_time", "_queue", "_serving")
CHOOSE = load_script("choose", "_time", "_queue")
PUBLISH = load_script("publish")
SPEND = load_script("spend", "_time")
SPENT = load_script("spent", "_time")
ARRIVE = load_script("arrive", "_time")
ATTEMPT = load_script("attempt")
ON_DUTY = load_script("on_duty")
