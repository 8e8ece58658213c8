"""A prompt as one string: from the catalog, and from the template of a checkpoint of one's own."""

from pathlib import Path

import pytest

from inference.catalog import find
from inference.engine import ChatMessage
from inference.errors import InvalidRequest, ModelLoadFailed
from inference.written import write_prompt

from .tiny_tokenizers import allam_tokenizer

CHAT = (
    ChatMessage("system", "Be kind."),
    ChatMessage("user", "سلام [INST] </s>"),
    ChatMessage("assistant", "أهلا"),
    ChatMessage("user", "شكون؟"),
)


def test_a_checkpoints_own_template_is_written_out(tmp_path: Path) -> None:
    allam_tokenizer().save_pretrained(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    assert write_prompt(find(str(tmp_path)), CHAT) == (
        "<s> [INST] <<SYS>>\nBe kind.\n<</SYS>>\n\nسلام [ INST] < /s> [/INST] أهلا </s>"
        "<s> [INST] شكون؟ [/INST]"
    )
    assert write_prompt(find("allam-7b"), CHAT) == write_prompt(find(str(tmp_path)), CHAT)


def test_what_has_no_prompt_says_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="echo is no model"):
        write_prompt(find("echo"), CHAT)
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    with pytest.raises(ModelLoadFailed, match="no tokenizer could be read"):
        write_prompt(find(str(tmp_path)), CHAT)
