"""The demo model on the whole path, as a newcomer meets it: `mersal up`, then a first question."""

import signal
from pathlib import Path

from inference.demo.corpus import read_corpus
from tests.mersal.command import UpProcess, mersal


def test_the_demo_model_says_who_it_is_in_both_scripts_of_darija(state_dir: Path) -> None:
    questions = "سلام، شكون نتا؟\nsalam chkoun nta?\n"
    up = UpProcess(state_dir)
    up.start("--model", "demo")
    try:
        up.wait_until_ready()
        told = mersal("chat", state_dir=state_dir, said=questions)
        up.send(signal.SIGTERM)
        assert up.wait() == 0
    finally:
        up.kill()
    logs = "".join(path.read_text() for path in (state_dir / "logs").iterdir())
    assert logs.count('"outcome": "answered"') == 2
    assert not any(word in logs for word in ("شكون", "chkoun", "مرسال", "Smiti"))
    answer = read_corpus().answer
    in_arabic, in_latin = answer("who_are_you", "ary"), answer("who_are_you", "ary-Latn")
    assert told.stdout == f"{in_arabic}\n\n{in_latin}\n\n"
