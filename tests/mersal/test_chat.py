"""`mersal chat` in a pipe and on a terminal, over a running `mersal up`."""

import os
import pty
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from broker.keys import Keys
from tests.mersal.command import UpProcess, environment, mersal, wait_until
from tests.redis_process import RedisProcess


@pytest.fixture(scope="module")
def shared_up() -> Iterator[UpProcess]:
    """One for the whole file, which takes a second for an answer."""
    with tempfile.TemporaryDirectory(prefix="mersal-") as folder:
        process = UpProcess(
            Path(folder) / "state",
            WORKER__ECHO_DELAY_S="1.0",
            LIMITS__MESSAGES_PER_MINUTE="0",
            LIMITS__MESSAGE_CHARS="200",
        )
        process.start()
        process.wait_until_ready()
        yield process
        process.send(signal.SIGTERM)
        process.wait()


class Typist:
    """`mersal chat` on a terminal of its own."""

    def __init__(self, state_dir: Path, *arguments: str) -> None:
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mersal", "chat", *arguments],
            env={**environment(state_dir), "TERM": "dumb"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            preexec_fn=_own_terminal,
        )
        os.close(theirs)
        os.set_blocking(self._ours, False)
        self._seen = b""

    @property
    def seen(self) -> str:
        try:
            while piece := os.read(self._ours, 65536):
                self._seen += piece
        except OSError:  # nothing more now, or for ever
            pass
        return self._seen.decode("utf-8", "replace")

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def wait_to_see(self, text: str, times: int = 1) -> None:
        wait_until(lambda: self.seen.count(text) >= times, f"{text!r} seen; so far {self.seen!r}")

    def leave(self) -> int:
        self.type("/Quit\r")
        code = self.process.wait(30)
        os.close(self._ours)
        return code


def _own_terminal() -> None:
    os.setsid()
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_a_pipe_gets_one_block_for_each_answer(shared_up: UpProcess) -> None:
    answers = mersal("chat", state_dir=shared_up.state_dir, said="سلام\n\nbonjour tout le monde\n")
    assert answers.stdout == "سلام\n\nbonjour tout le monde\n\n"
    assert answers.stderr == ""
    assert answers.returncode == 0


def test_a_refused_message_is_explained_and_fails_the_script(shared_up: UpProcess) -> None:
    refused = mersal(
        "chat", state_dir=shared_up.state_dir, said="كلمة " * 99, LIMITS__MESSAGE_CHARS="200"
    )
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.strip()


def test_without_a_running_up_it_says_what_to_start(state_dir: Path) -> None:
    lonely = mersal("chat", state_dir=state_dir, said="سلام")
    assert lonely.returncode == 2
    assert "mersal up" in lonely.stderr
    assert str(state_dir) in lonely.stderr


def test_without_a_redis_it_says_so_in_one_line(state_dir: Path) -> None:
    lonely = mersal("chat", state_dir=state_dir, said="سلام", REDIS_URL="redis://127.0.0.1:1/0")
    assert lonely.returncode == 2
    assert lonely.stderr.count("\n") == 1
    assert "MERSAL_REDIS_URL" in lonely.stderr


def test_a_pipe_does_not_wait_for_ever_for_a_worker(
    state_dir: Path, redis_server: RedisProcess
) -> None:
    lonely = mersal(
        "chat",
        "--wait=1",
        state_dir=state_dir,
        said="سلام\nواش كاين شي واحد؟\n",
        REDIS_URL=redis_server.url,
        REDIS__NAMESPACE=uuid.uuid4().hex,
        WORKER__MODEL="echo",
    )
    assert lonely.returncode == 1
    assert lonely.stdout == ""
    assert lonely.stderr.count("mersal worker --model echo") == 1


def test_a_redis_that_refuses_a_message_does_not_end_the_chat(
    state_dir: Path, redis_server: RedisProcess
) -> None:
    namespace = uuid.uuid4().hex
    ours = f"terminal:{os.uname().nodename}.{os.getuid()}:"
    with Redis.from_url(redis_server.url) as client:
        client.set(Keys(namespace)("seen", ours), "no set")  # a full disk is refused likewise
    refused = mersal(
        "chat",
        state_dir=state_dir,
        said="سلام\nباقي هنا؟\n",
        REDIS_URL=redis_server.url,
        REDIS__NAMESPACE=namespace,
    )
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert refused.stderr.count("mersal doctor") == 2


def test_on_a_terminal_answers_stream_and_ctrl_c_stops_them(shared_up: UpProcess) -> None:
    typist = Typist(shared_up.state_dir, "--new")
    typist.wait_to_see("> ")
    typist.type("one two three four five six seven eight nine ten\r")
    typist.wait_to_see("two", times=2)  # as typed, and as answered
    typist.type("\x03")
    typist.wait_to_see("> ", times=2)
    answered = typist.seen.partition("ten")[2]
    assert "two" in answered
    assert "ten" not in answered
    assert typist.leave() == 0


def test_the_history_is_kept_until_it_is_forgotten(shared_up: UpProcess) -> None:
    mersal("chat", "--new", state_dir=shared_up.state_dir, said="كلمة السر")
    kept = mersal("chat", state_dir=shared_up.state_dir, said="/export")
    assert "كلمة السر" in kept.stdout
    anew = mersal("chat", "--new", state_dir=shared_up.state_dir, said="/export")
    assert "كلمة السر" not in anew.stdout


def test_another_answer_to_the_same_question_can_be_had(shared_up: UpProcess) -> None:
    twice = mersal("chat", "--new", state_dir=shared_up.state_dir, said="جوج\n/regenerate\n")
    assert twice.stdout == "جوج\n\nجوج\n\n"
