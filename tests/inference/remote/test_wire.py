"""What goes over the wire: fields by kind of server, events, whatever a server may send."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.engine import Sampling
from inference.remote.chunk import Chunk, Usage, event_data, read_chunk
from inference.remote.dialect import DIALECTS, not_known, sampling_fields
from inference.remote.failures import Busy, Failure, Gone, Misfit, Refused, TooLong, of_status
from inference.remote.options import ServerKind, Serving

JAIS = Sampling(temperature=0.3, top_p=0.9, top_k=50, repetition_penalty=1.2, min_new_tokens=4)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "delta", "content", "text", "usage", "error"]), inner
        )
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("vllm", {"top_k": 50, "repetition_penalty": 1.2, "min_tokens": 4}),
        ("llamacpp", {"top_k": 50, "repeat_penalty": 1.2}),
        ("openai", {}),
        ("ollama", {}),
        ("tgi", {}),
    ],
)
def test_each_kind_of_server_gets_its_own_names(kind: ServerKind, own: dict[str, object]) -> None:
    fields = sampling_fields(JAIS, 100, DIALECTS[kind])
    assert fields == {"temperature": 0.3, "max_tokens": 100, "top_p": 0.9, **own}


def test_transformers_serve_takes_the_rest_as_a_generation_config() -> None:
    fields = sampling_fields(JAIS, 100, DIALECTS["transformers"])
    nested = json.loads(str(fields.pop("generation_config")))
    assert nested == {
        "do_sample": True,
        "top_k": 50,
        "repetition_penalty": 1.2,
        "min_new_tokens": 4,
    }
    assert fields == {"temperature": 0.3, "max_tokens": 100, "top_p": 0.9}
    assert "generation_config" not in sampling_fields(Sampling(), 9, DIALECTS["transformers"])


def test_greedy_sends_nothing_about_chance() -> None:
    greedy = Sampling(temperature=0, top_p=0.5, top_k=3)
    assert sampling_fields(greedy, 9, DIALECTS["vllm"]) == {"temperature": 0, "max_tokens": 9}


def test_more_stop_strings_than_servers_take_are_cut() -> None:
    many = Sampling(stop=("a", "b", "c", "d", "e"))
    assert sampling_fields(many, 9, DIALECTS["tgi"])["stop"] == ["a", "b", "c", "d"]


def test_what_a_kind_does_not_know_is_told() -> None:
    assert not_known(JAIS, DIALECTS["ollama"]) == ["top_k", "repetition_penalty", "min_new_tokens"]
    assert not_known(JAIS, DIALECTS["vllm"]) == []


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("http://gpu1:8000", "http://gpu1:8000/v1"),
        ("https://b:1/api/", "https://b:1/api"),
        ("http://[::1]:8000/", "http://[::1]:8000/v1"),
    ],
)
def test_addresses_are_brought_into_one_form(said: str, meant: str) -> None:
    assert Serving((said,)).endpoints == (meant,)


@pytest.mark.parametrize(
    "url", ["gpu:8000", "http://", "http://a:port", "http://k@a", "http://a?k"]
)
def test_what_is_no_address_or_holds_a_key_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        Serving((url,))


def test_lines_that_are_no_data_are_passed_over() -> None:
    assert [event_data(line) for line in (b": ping\n", b"event: x\n", b"\r\n", b"data:{}\r\n")] == [
        *(b"", b"", b"", b"{}")
    ]


def test_both_forms_are_read() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
    chat = {"choices": [{"delta": {"role": "assistant", "content": "a"}, "finish_reason": None}]}
    text = {"choices": [{"text": "b", "finish_reason": "length"}], "usage": usage}
    assert read_chunk(json.dumps(chat).encode()) == Chunk("a")
    assert read_chunk(json.dumps(text).encode()) == Chunk("b", "length", Usage(3, 2))


@given(JSON)
def test_whatever_json_comes_is_read_or_a_failure(content: object) -> None:
    try:
        chunk = read_chunk(json.dumps(content).encode())
    except Failure:
        return
    assert isinstance(chunk.text, str)


@given(st.binary(max_size=40))
def test_whatever_bytes_come_are_read_or_a_failure(data: bytes) -> None:
    try:
        read_chunk(event_data(b"data: " + data))
    except Failure:
        pass


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Refused), (422, Refused), (413, Refused), (401, Misfit), (404, Misfit), (307, Misfit)]
    + [(429, Busy), (500, Failure), (502, Gone), (503, Gone), (504, Gone)],
)
def test_what_a_status_means(status: int, kind: type[Failure]) -> None:
    assert type(of_status(status, b"no")) is kind


def test_only_the_servers_words_and_never_the_reason_hold_what_a_user_may_have_written() -> None:
    body = json.dumps({"detail": [{"input": "SECRET", "msg": "context length"}]}).encode()
    failure = of_status(422, body)
    assert type(failure) is TooLong
    assert "SECRET" in failure.detail
    assert "SECRET" not in failure.reason + str(failure)
