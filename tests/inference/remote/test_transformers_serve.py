"""A real server of somebody else's: `transformers serve` on the demo model."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inference.catalog import find
from inference.engine import ChatMessage, Completion, CompletionRequest, Engine, Sampling
from inference.errors import ModelLoadFailed
from inference.open import open_checkpoint
from inference.options import LoadOptions
from inference.remote.open import open_remote_engine
from inference.remote.options import RemoteOptions, Serving

from .conftest import ask

DEMO = find("demo")
QUESTION = "salam, bch7al lbelgha?"
START_S = 150


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address. It has no cache folder, so that it cannot list its models."""
    home = tmp_path_factory.mktemp("hub") / "none"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("transformers")), "serve", str(DEMO.folder)]
    command += ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    told = {"HF_HOME": str(home), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    log = (tmp_path_factory.mktemp("log") / "serve.log").open("w+")
    process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **told})
    try:
        deadline = time.monotonic() + START_S
        while not answers(f"http://127.0.0.1:{port}/health"):
            if process.poll() is not None or time.monotonic() > deadline:
                log.seek(0)
                pytest.fail(f"transformers serve did not start:\n{log.read()[-3000:]}")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait()
        log.close()


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except (urllib.error.URLError, OSError):
        return False
    return True


def engine_on(url: str, **serving: str) -> Engine:
    where = Serving((url,), server="transformers", **serving)  # type: ignore[arg-type]
    return open_remote_engine(DEMO, RemoteOptions(where))


def answer(engine: Engine, request: CompletionRequest) -> tuple[list[str], Completion]:
    stream = engine.submit(request)
    return [piece.text for piece in stream], stream.completion


def test_it_answers_as_our_own_engine_does_in_both_forms(url: str) -> None:
    request = ask(QUESTION, max_new_tokens=24)
    own = open_checkpoint(DEMO, LoadOptions(), slots=1)
    expected = answer(own, request)[1]
    own.close()
    for form in ("messages", "completions"):
        engine = engine_on(url, prompts=form)
        pieces, done = answer(engine, request)
        engine.close()
        assert (done.text, done.finish_reason) == (expected.text, expected.finish_reason)
        assert len(pieces) > 3 and "".join(pieces) == done.text
        assert done.completion_tokens == expected.completion_tokens
        assert done.prompt_tokens > 0


def test_a_cancel_and_a_stop_string_end_the_answer_there_too(url: str) -> None:
    engine = engine_on(url)
    stream = engine.submit(ask(QUESTION))
    pieces = iter(stream)
    first = next(pieces).text
    stream.cancel()
    shown = first + "".join(piece.text for piece in pieces)
    assert (stream.completion.text, stream.completion.finish_reason) == (shown, "cancelled")
    whole = answer(engine, ask(QUESTION, max_new_tokens=12))[1].text
    mark = whole.split()[1]
    stopped = answer(engine, ask(QUESTION, max_new_tokens=12, stop=(mark,)))[1]
    assert (stopped.text, stopped.finish_reason) == (whole.split(mark)[0], "stop")
    engine.close()


def test_every_sampling_setting_is_understood_and_a_seed_holds(url: str) -> None:
    engine = engine_on(url)
    how = {"temperature": 5.0, "top_p": 0.99, "top_k": 400, "repetition_penalty": 1.1}
    texts = [
        answer(engine, ask(QUESTION, **how, seed=seed, max_new_tokens=8))[1].text
        for seed in (1, 1, 2)
    ]
    engine.close()
    assert texts[0] == texts[1] != texts[2]


def test_a_system_text_reaches_a_template_that_knows_none(url: str) -> None:
    engine = engine_on(url)
    system, user = ChatMessage("system", "Be brief."), ChatMessage("user", QUESTION)
    sampling = Sampling(max_new_tokens=4)
    assert answer(engine, CompletionRequest((system, user), sampling))[1].text
    engine.close()


def test_a_field_or_a_name_that_it_does_not_know_ends_the_start_with_its_words(url: str) -> None:
    with pytest.raises(ModelLoadFailed, match="requested 'other'"):
        engine_on(url, model="other")
    demanding = replace(DEMO, sampling=Sampling(repetition_penalty=1.2))
    with pytest.raises(ModelLoadFailed, match="Unexpected fields.*repetition_penalty"):
        open_remote_engine(demanding, RemoteOptions(Serving((url,), server="vllm")))
