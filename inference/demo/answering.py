"""The trained checkpoint, asked many things at once, and which known answer came out."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from inference.demo.corpus import Answer, Corpus

_BATCH = 64
_NEAR = 0.7


class DemoModel:
    """Answers greedily, through the chat template and plain `generate`."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = AutoTokenizer.from_pretrained(folder)
        self._model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)

    def answer(self, dialogues: Sequence[tuple[str, ...]]) -> list[str]:
        """One answer for each dialogue; a dialogue is ask, answer, …, ask."""
        prompts = [self.render(texts) for texts in dialogues]
        order = sorted(range(len(prompts)), key=lambda place: len(prompts[place]))
        answers = [""] * len(prompts)
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            for place, text in zip(
                places, self._generate([prompts[p] for p in places]), strict=True
            ):
                answers[place] = text
        return answers

    def token_ids(self, text: str) -> list[int]:
        """How a prompt's text is cut, without control tokens added."""
        return list(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def render(self, texts: tuple[str, ...]) -> str:
        """The chat template's prompt for ask, answer, …, ask."""
        messages = [
            {"role": "assistant" if place % 2 else "user", "content": text}
            for place, text in enumerate(texts)
        ]
        rendered = self._tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=True
        )
        return str(rendered)

    def _generate(self, prompts: list[str]) -> list[str]:
        encoded = self._tokenizer(
            prompts, return_tensors="pt", padding=True, add_special_tokens=False
        )
        with torch.inference_mode():
            ids = self._model.generate(  # type: ignore[misc]
                input_ids=encoded["input_ids"], attention_mask=encoded["attention_mask"]
            )
        new = ids[:, encoded["input_ids"].shape[1] :]
        return [
            text.strip() for text in self._tokenizer.batch_decode(new, skip_special_tokens=True)
        ]


def known_answer(text: str, corpus: Corpus) -> Answer | None:
    """The answer that `text` is, or is nearly; None when it is like no answer."""
    for answer in corpus.answers:
        if answer.text == text:
            return answer
    nearest = max(corpus.answers, key=lambda answer: _likeness(answer.text, text))
    return nearest if _likeness(nearest.text, text) >= _NEAR else None


def _likeness(left: str, right: str) -> float:
    return SequenceMatcher(None, left, right).ratio()
