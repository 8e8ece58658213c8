"""The thread that the documentation shows is what the bot sends."""

from pathlib import Path
from typing import Any

from broker.settings import Settings
from inference.echo import EchoEngine
from inference.engine import CompletionRequest
from tests.channels.bot import Bots
from tests.patience import until
from tests.slack.platform import SOUK, Platform
from tests.slack.workspace import Message
from tests.workers.worker_in_thread import working

DOCUMENT = Path(__file__).parents[2] / "docs" / "slack-thread.md"
HEAD = """# A thread on Slack

What the bot sends, word for word, recorded from the local Slack of the tests
(`tests/slack/test_transcript.py`, which compares). The answers are scripted: this shows how
answers look, not what a model knows. Each block of a message stands under its kind, as Slack gets
it; zero-width spaces and direction marks are written out as `<ZWSP>`, `<RLM>`, `<LRI>` and `<PDI>`.
"""
ANSWERS = {
    "عطينا الأثمنة ديال أتاي": """وعليكم السلام! هادو **الأثمنة** ديالنا اليوم، و*الجودة* مضمونة:

| المنتج | الثمن |
|---|---|
| أتاي أخضر | 25 DH |
| زيت **أركان** | 120 DH |
| WiFi box | 300 DH |

باش تطلبو:

1. API ديال الطلبات واجد فالموقع [ديالنا](https://example.ma/atay).
2. ولا عيطو لينا ف +212 612-345678.
3. خلصو *ملي توصلكم السلعة*.
""",
    "كيفاش نحسبو المجموع ف Python؟": """ها هو الكود، خدمو بـ `sum()`:

```python
prices = {"أتاي": 25, "أركان": 120}
total = sum(prices.values())
print(f"المجموع: {total} DH")
```

> نصيحة: ديرو ديما `round()` إلا كانت الفلوس بالفاصلة.
""",
    "شرح لينا كيفاش كيتصاوب أتاي بالتفصيل": "\n\n".join(
        f"## المرحلة {n}\n\n" + "غسل أتاي بالما سخون، ومن بعد زيد النعناع والسكر وخليه يطيب. " * 30
        for n in range(1, 8)
    ),
}  # fmt: skip
MARKS = {"\u200b": "<ZWSP>", "\u200f": "<RLM>", "\u2066": "<LRI>", "\u2069": "<PDI>"}


class Scripted(EchoEngine):
    """Gives the answers of the script."""

    def answer(self, request: CompletionRequest) -> str:
        said = request.messages[-1].content
        return next(answer for question, answer in ANSWERS.items() if said.endswith(question))


async def test_the_documented_thread_is_what_the_bot_sends(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    wide = chat_settings.worker.model_copy(update={"max_new_tokens": 10_000})
    settings = chat_settings.model_copy(update={"worker": wide})
    souk, thread, shown = slack.atay.channels[SOUK], "", [HEAD]
    with working(Scripted(), settings):
        async with bots(settings):
            for question in ANSWERS:
                before = len(slack.answers(souk))
                text = question if thread else f"@mersal {question}"
                asked = slack.say(SOUK, text, thread_ts=thread)
                thread = thread or asked.ts
                await until(lambda n=before: _finished(slack.answers(souk)[n:]))  # type: ignore[misc]
                shown.append(f"## أمينة\n\n{text.replace('@mersal', '@مرسال')}\n")
                answers = slack.answers(souk)[before:]
                shown += [_shown(sent, n, len(answers)) for n, sent in enumerate(answers, 1)]
    recorded = "\n".join(shown)
    if not DOCUMENT.exists():  # delete it to record it anew
        DOCUMENT.write_text(recorded, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == recorded
    assert not slack.refused


def _finished(answers: list[Message]) -> bool:
    """The last part carries the buttons."""
    return bool(answers) and _buttons(answers[-1]) != []


def _buttons(message: Message) -> list[str]:
    found = []
    for block in message.blocks:
        for one in block.get("elements", []) if "actions" in block["type"] else []:
            sides = [one[side] for side in ("positive_button", "negative_button") if side in one]
            found += [button["text"]["text"] for button in sides or [one]]
    return found


def _shown(sent: Message, number: int, total: int) -> str:
    lines = [f"## مرسال ({number}/{total})", ""]
    for block in sent.blocks:
        if "actions" not in block["type"]:
            lines += [f"`{block['type']}`", "", "````text", _marked(_content(block)), "````", ""]
    if _buttons(sent):
        lines += ["Buttons: " + " · ".join(_buttons(sent)), ""]
    return "\n".join(lines)


def _content(block: dict[str, Any]) -> str:
    if block["type"] == "table":
        return "\n".join(" | ".join(_words(cell) for cell in row) for row in block["rows"])
    if block["type"] == "rich_text":
        return "\n".join(_words(part) for part in block["elements"])
    text = block.get("text", "")
    return str(text["text"] if isinstance(text, dict) else text)


def _words(value: dict[str, Any]) -> str:
    """The text inside, styles written as Markdown writes them."""
    if value["type"] == "rich_text_list":
        items = [_words(one) for one in value["elements"]]
        first = value.get("offset", 0) + 1
        marks = [f"{n}." if value["style"] == "ordered" else "•" for n in range(first, 99)]
        return "\n".join(f"{mark} {item}" for mark, item in zip(marks, items, strict=False))
    if "elements" in value:
        return "".join(_words(one) for one in value["elements"])
    text, style = str(value.get("text") or value.get("url") or ""), value.get("style") or {}
    if value["type"] == "link" and value.get("text"):
        text = f"[{text}]({value['url']})"
    for name, mark in (("bold", "**"), ("italic", "*"), ("strike", "~~"), ("code", "`")):
        if style.get(name):
            text = f"{mark}{text}{mark}"
    return text


def _marked(text: str) -> str:
    for mark, name in MARKS.items():
        text = text.replace(mark, name)
    return text
