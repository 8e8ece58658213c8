"""The demo model on the whole path, as a newcomer meets it: `mersal up`, then a first question."""

import re
import signal
from pathlib import Path

from bots.catalog import text
from inference.demo.corpus import read_corpus
from tests.mersal.command import UpProcess, mersal


def test_the_demo_model_answers_in_the_script_of_darija_that_it_is_asked_in(
    state_dir: Path,
) -> None:
    questions = "سلام، شكون نتا؟\nsalam chkoun nta?\n"
    more = ["labas 3lik?", "chno kat3ref dir?", "ma fhemtch, 3awd lia", "choukran, bslama"]
    up = UpProcess(state_dir)
    up.start("--model", "demo")
    try:
        up.wait_until_ready()
        told = mersal("chat", state_dir=state_dir, said=questions)
        arabizi = mersal("chat", state_dir=state_dir, said="\n".join([*more, "/explain hadchi"]))
        up.send(signal.SIGTERM)
        assert up.wait() == 0
    finally:
        up.kill()
    logs = "".join(path.read_text() for path in (state_dir / "logs").iterdir())
    assert logs.count('"outcome": "answered"') == 2 + len(more)
    assert not any(word in logs for word in ("شكون", "chkoun", "مرسال", "Smiti"))
    answer = read_corpus().answer
    in_arabic, in_latin = answer("who_are_you", "ary"), answer("who_are_you", "ary-Latn")
    assert told.stdout == f"{in_arabic}\n\n{in_latin}\n\n"
    assert not re.search("[\u0600-\u06ff]", arabizi.stdout), "whoever writes Arabizi reads it"
    assert arabizi.stderr == text("task-nobody-can", "ary-Latn") + "\n"
