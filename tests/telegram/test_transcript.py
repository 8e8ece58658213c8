"""The chat that the documentation shows is what the bot sends."""

from pathlib import Path

from broker.settings import Settings
from inference.echo import EchoEngine
from inference.engine import CompletionRequest
from tests.channels.bot import Bots
from tests.patience import until
from tests.telegram.platform import Platform, Sent
from tests.workers.worker_in_thread import working

DOCUMENT = Path(__file__).parents[2] / "docs" / "telegram-chat.md"
AMINA = 77
HEAD = """# A chat on Telegram

What the bot sends, word for word, recorded from the local Bot API server of the tests
(`tests/telegram/test_transcript.py`, which compares). The answers are scripted: this shows how
answers look, not what a model knows. Below each message stand its entities, as Telegram gets them;
direction marks are written out as `<RLM>`, `<LRI>` and `<PDI>`.
"""
ANSWERS = {
    "عطيني الأثمنة ديال أتاي": """وعليكم السلام! هادو **الأثمنة** ديالنا اليوم:

| المنتج | الثمن |
|---|---|
| أتاي أخضر | 25 DH |
| زيت أركان | 120 DH |
| WiFi box | 300 DH |

باش تطلب:

1. API ديال الطلبات واجد فالموقع [ديالنا](https://example.ma/atay).
2. ولا عيط لينا ف +212 612-345678.
3. خلص *ملي توصلك السلعة*.
""",
    "كيفاش نحسب المجموع ف Python؟": """ها هو الكود، خدم بـ `sum()`:

```python
prices = {"أتاي": 25, "أركان": 120}
total = sum(prices.values())
print(f"المجموع: {total} DH")
```

> نصيحة: دير ديما `round()` إلا كانت الفلوس بالفاصلة.
""",
    "شرح ليا كيفاش كيتصاوب أتاي بالتفصيل": "\n\n".join(
        f"## المرحلة {n}\n" + "غسل أتاي بالما سخون، ومن بعد زيد النعناع والسكر وخليه يطيب. " * 12
        for n in range(1, 8)
    ),
}  # fmt: skip


class Scripted(EchoEngine):
    """Gives the answers of the script."""

    def answer(self, request: CompletionRequest) -> str:
        return ANSWERS[request.messages[-1].content]


async def test_the_documented_chat_is_what_the_bot_sends(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    wide = chat_settings.worker.model_copy(update={"max_new_tokens": 10_000})
    settings = chat_settings.model_copy(update={"worker": wide})
    shown = [HEAD]
    with working(Scripted(), settings):
        async with bots(settings):
            for question in ANSWERS:
                before = len(telegram.sent)
                telegram.say(AMINA, question)
                await until(lambda n=before: _finished(telegram.sent[n:]))  # type: ignore[misc]
                shown.append(f"## أمينة\n\n{question}\n")
                answers = telegram.sent[before:]
                for number, sent in enumerate(answers, 1):
                    shown.append(_shown(sent, number, len(answers)))
    recorded = "\n".join(shown)
    if not DOCUMENT.exists():  # delete it to record it anew
        DOCUMENT.write_text(recorded, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == recorded
    assert not telegram.refused


def _finished(answers: list[Sent]) -> bool:
    """The last part carries the buttons."""
    return bool(answers) and bool(answers[-1].parameters.get("reply_markup"))


def _shown(sent: Sent, number: int, total: int) -> str:
    text = sent.text
    for mark, name in (("\u200f", "<RLM>"), ("\u2066", "<LRI>"), ("\u2069", "<PDI>")):
        text = text.replace(mark, name)
    entities = sent.parameters.get("entities") or []
    looks = [f"{one['type']} {one['offset']}+{one['length']}" for one in entities]
    keyboard = sent.parameters.get("reply_markup") or {"inline_keyboard": []}
    buttons = [button["text"] for row in keyboard["inline_keyboard"] for button in row]
    lines = [f"## مرسال ({number}/{total})", "", "````text", text, "````", ""]
    if looks:
        lines += ["Entities: " + "; ".join(looks), ""]
    if buttons:
        lines += ["Buttons: " + " · ".join(buttons), ""]
    return "\n".join(lines)
