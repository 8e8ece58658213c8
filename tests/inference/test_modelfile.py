"""The Modelfiles for Ollama: the prompts that they make are the catalog's own."""

import re
from typing import Any

import pytest

from inference.catalog import find
from inference.engine import ChatMessage
from inference.errors import InvalidRequest
from inference.formats import GemmaFormat, prompt_text
from inference.modelfile import modelfile

from .go_template import render

SIZES = ("atlas-chat-2b", "atlas-chat-9b", "atlas-chat-27b")
CHATS = [
    ("user",),
    ("system", "user"),
    ("user", "assistant", "user"),
    ("system", "user", "assistant", "user", "assistant", "user"),
]


def as_ollama_has_it(messages: list[ChatMessage]) -> dict[str, Any]:
    """Ollama's values for a template: the system text by itself and among the messages."""
    system = "\n\n".join(one.content for one in messages if one.role == "system")
    return {
        "System": system,
        "Messages": [{"Role": one.role, "Content": one.content} for one in messages],
        "Response": "",
    }


def template_of(model: str) -> str:
    found = re.search(r'^TEMPLATE """(.*?)"""$', modelfile(find(model)), re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


@pytest.mark.parametrize("model", SIZES)
@pytest.mark.parametrize("roles", CHATS, ids="-".join)
def test_the_prompt_is_the_catalogs(model: str, roles: tuple[Any, ...]) -> None:
    messages = [
        ChatMessage(role, f"سلام {n}\n{{{{ .System }}}} {role}") for n, role in enumerate(roles)
    ]
    made = render(template_of(model), as_ollama_has_it(messages))
    assert "<bos>" + made == prompt_text(GemmaFormat(), messages)


def test_a_prompt_written_out_by_hand() -> None:
    messages = [
        ChatMessage("system", "Be brief."),
        ChatMessage("user", "salam"),
        ChatMessage("assistant", "labas?"),
        ChatMessage("user", "hamdullah"),
    ]
    assert render(template_of("atlas-chat-9b"), as_ollama_has_it(messages)) == (
        "<start_of_turn>user\nBe brief.\n\nsalam<end_of_turn>\n"
        "<start_of_turn>model\nlabas?<end_of_turn>\n"
        "<start_of_turn>user\nhamdullah<end_of_turn>\n"
        "<start_of_turn>model\n"
    )


@pytest.mark.parametrize("model", SIZES)
def test_the_parameters_are_the_cards(model: str) -> None:
    lines = modelfile(find(model)).splitlines()
    hub = find(model).hub.split("/")[1]
    assert f"FROM ./{hub}" in lines
    assert any(f"hf download MBZUAI-Paris/{hub} --local-dir ./{hub}" in line for line in lines)
    for parameter in (
        *("num_ctx 8192", "num_predict 256", "temperature 0.0", "top_p 1.0", "top_k 0"),
        *("repeat_penalty 1.0", 'stop "<end_of_turn>"'),
    ):
        assert f"PARAMETER {parameter}" in lines


def test_models_of_other_formats_have_none() -> None:
    with pytest.raises(InvalidRequest, match="no Modelfile for 'jais-30b-chat-v1'"):
        modelfile(find("jais-30b-chat-v1"))
