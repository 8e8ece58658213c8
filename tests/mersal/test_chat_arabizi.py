"""Arabizi, tasks and settings in the terminal, with a real worker process."""

import re
from pathlib import Path

from broker.settings import Settings, WorkerSettings
from broker.text.arabizi_latin import to_latin
from tests.channels.darija_worker import KNOWN, LOST, darija_worker
from tests.mersal.command import mersal

ARABIC = re.compile("[\u0600-\u06ff]")
SAID = """\
salam, chno smitek?
/explain chno l far9 bin tajine w l kesksou?
/translate b ch7al hadchi?
/translate fr
w b ch7al lkilo d l7em?
/settings
/explain
"""


def test_whoever_writes_arabizi_reads_nothing_else_until_he_wants_to(
    settings: Settings, state_dir: Path
) -> None:
    ours = settings.model_copy(update={"worker": WorkerSettings(model="darija")})

    def chat(said: str) -> tuple[str, str]:
        done = mersal(
            "chat",
            "--wait=50",
            state_dir=state_dir,
            said=said,
            REDIS_URL=settings.redis_url,
            REDIS__NAMESPACE=settings.redis.namespace,
            WORKER__MODEL="darija",
        )
        assert done.returncode == 0, done.stderr
        return done.stdout, done.stderr

    with darija_worker(ours):
        answers, remarks = chat(SAID)
        arabic, _ = chat("/script arab\nsmeh lia, chno smitek?\n")
    known = KNOWN["سميتك"], KNOWN["طاجين"], KNOWN["شحال"]
    name, tajine, price = (to_latin(one) for one in known)
    # The translation is into French, so its letters are not changed.
    assert answers == f"{name}\n\n{tajine}\n\n{KNOWN['شحال']}\n\n{price}\n\n"
    assert re.search(r"/translate fr #\w{4} — Français", remarks) and "/script — L7orof" in remarks
    assert ": /explain" in remarks
    offered = re.sub("/translate ar #.... — .*", "", remarks)
    assert not ARABIC.search(offered)
    assert arabic == f"{KNOWN['سميتك']}\n\n" and LOST not in answers
