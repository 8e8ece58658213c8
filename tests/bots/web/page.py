"""What a person does on the page."""

from playwright.sync_api import Page, expect

from tests.bots.hand import Hand

# What a model may write: each kind of block.
RICH = """مرحبا! هادي هي **الأثمنة**:

| السلعة | الثمن |
|---|---:|
| طاجين | 80 DH |
| Babouches | 120 DH |

API ديال الطلبات ساهلة:

1. دخل للموقع https://example.com/shop?id=1
2. عمر:
   - السمية
   - الواتساب: +212 612-345678

```python
def total(price):
    return price + 30
```

This line is English.
"""


def say(page: Page, text: str) -> None:
    page.fill("#input", text)
    page.keyboard.press("Enter")


def ask_and_answer(page: Page, hand: Hand, question: str, answer: str) -> None:
    say(page, question)
    hand.commit(hand.take(), answer)
    expect(page.locator(".answer.last .foot")).to_be_visible()


def lose_connection(page: Page) -> None:
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    # Chromium leaves open sockets alone when it is set offline: close it like a lost network.
    page.evaluate("window.mersal.wire.socket.close()")
    expect(page.locator("#trouble")).to_be_visible()


def await_true(page: Page, expression: str) -> None:
    """The page's policy forbids Playwright's own way, which evaluates inside the page."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(expression)


def render(page: Page, text: str, still_open: bool = False) -> None:
    """Show an answer with the page's own code, without the way there."""
    page.evaluate(
        """async ([text, open]) => {
            const { Markdown } = await import('/static/markdown.js');
            document.querySelector('#rendered')?.remove();
            const place = document.createElement('div');
            place.id = 'rendered';
            place.className = 'answer-text';
            document.querySelector('#log').append(place);
            const labels = { copy: 'copy', copied: 'copied', code: 'code' };
            new Markdown(place, labels).show(text, open, 'rtl');
        }""",
        [text, still_open],
    )
