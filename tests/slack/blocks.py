"""Block Kit as Slack accepts it: kinds, required fields, lengths, counts. Pure.

The limits are the documented ones, and those that slack-markdown-parser measured on a real
workspace: 50 items in all once headings and rules are expanded, 13,200 characters a message.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

PER_MESSAGE, PER_VIEW = 50, 100
TOTAL_CHARS = 13_200
ELEMENTS = {"actions": 25, "context": 10, "context_actions": 5}
TEXTS = {"section": 3000, "header": 150, "button": 75, "option": 75, "context": 3000}
_BREAKERS = re.compile(r"^[ \t]{0,3}(?:#{1,6}(?:[ \t]|$)|(?:-{3,}|\*{3,}|_{3,})[ \t]*$)")
_FENCE = re.compile(r"[ \t]{0,3}(`{3,}|~{3,})")
_RICH = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
_RICH_LEAVES = {"text", "link", "user", "channel", "emoji", "usergroup", "broadcast", "date",
                "color", "team"}  # fmt: skip
_MAY_HAVE: dict[str, set[str]] = {
    "section": {"text", "fields", "accessory", "expand"},
    "header": {"text", "level"},
    "divider": set(),
    "context": {"elements"},
    "actions": {"elements"},
    "context_actions": {"elements"},
    "markdown": {"text"},
    "rich_text": {"elements"},
    "table": {"rows", "column_settings"},
    "image": {"image_url", "alt_text", "title", "slack_file"},
    "input": {"label", "element", "hint", "optional", "dispatch_action"},
}


class Refused(Exception):
    """Raised when Slack does not take these blocks."""

    def __init__(self, why: str, error: str = "invalid_blocks") -> None:
        super().__init__(why)
        self.error = error


def check(blocks: Any, limit: int = PER_MESSAGE) -> None:
    """Raise Refused unless Slack would show these blocks."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise Refused("not a list of objects", "invalid_blocks_format")
    if len(blocks) > limit:
        raise Refused(f"{len(blocks)} blocks")
    names = [block["block_id"] for block in blocks if "block_id" in block]
    if len(set(names)) < len(names) or any(len(name) > 255 for name in names):
        raise Refused("block ids repeat or are too long")
    if sum(block.get("type") == "table" for block in blocks) > 1:
        raise Refused("only_one_table_allowed", "invalid_attachments")
    for block in blocks:
        _check_block(block)
    items = sum(_items(block) for block in blocks)
    if items > limit:
        raise Refused(f"expands to {items} items")
    if sum(len(text) for text in texts(blocks)) > TOTAL_CHARS and limit == PER_MESSAGE:
        raise Refused("too much text", "msg_blocks_too_long")


def texts(value: Any) -> Iterator[str]:
    """Every text that the blocks show."""
    if isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for name, one in value.items():
            if isinstance(one, dict | list) and name != "style":
                yield from texts(one)


def _items(block: dict[str, Any]) -> int:
    """A heading or a rule in Markdown is an item of its own, and so is all between two of them."""
    if block["type"] != "markdown":
        return 1
    items, fence, in_run = 0, "", False
    for line in block["text"].splitlines():
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        if not fence and _BREAKERS.match(line):
            items, in_run = items + 1, False
        elif line.strip() and not in_run:
            items, in_run = items + 1, True
    return max(1, items)


def _check_block(block: dict[str, Any]) -> None:
    kind = block.get("type")
    if kind not in _MAY_HAVE:
        raise Refused(f"unknown block {kind}")
    strange = set(block) - _MAY_HAVE[kind] - {"type", "block_id"}
    if strange:
        raise Refused(f"{kind} has no {sorted(strange)}")
    if kind in ELEMENTS:
        _check_elements(kind, block.get("elements"))
    elif kind == "markdown":
        _check_markdown(block.get("text"))
    elif kind == "section":
        _check_section(block)
    elif kind == "header":
        _check_text(block.get("text"), "header", plain=True)
    elif kind == "rich_text":
        _check_rich(block.get("elements"))
    elif kind == "table":
        _check_table(block)


def _check_markdown(text: Any) -> None:
    if not isinstance(text, str) or not text.strip():
        raise Refused("a markdown block without text")
    if len(text) > 12_000:
        raise Refused("markdown over 12,000 characters", "msg_too_long")


def _check_section(block: dict[str, Any]) -> None:
    if "text" not in block and not block.get("fields"):
        raise Refused("a section without text")
    if "text" in block:
        _check_text(block["text"], "section")
    fields = block.get("fields", [])
    if len(fields) > 10 or any(len(field["text"]) > 2000 for field in fields):
        raise Refused("too many or too long fields")
    if "accessory" in block:
        _check_element(block["accessory"])


def _check_elements(kind: str, elements: Any) -> None:
    if not isinstance(elements, list) or not 1 <= len(elements) <= ELEMENTS[kind]:
        raise Refused(f"{kind} with so many elements")
    names = [one["action_id"] for one in elements if "action_id" in one]
    if len(set(names)) < len(names):
        raise Refused("action ids repeat")
    for element in elements:
        if kind == "context":
            if element.get("type") != "image":
                _check_text(element, "context")
        elif kind == "context_actions" and element.get("type") not in (
            "feedback_buttons",
            "icon_button",
        ):
            raise Refused(f"context_actions holds no {element.get('type')}")
        else:
            _check_element(element)


def _check_element(element: dict[str, Any]) -> None:
    kind = element.get("type")
    if len(element.get("action_id", "")) > 255 or len(str(element.get("value", ""))) > 2000:
        raise Refused("action_id or value too long")
    if kind in ("button", "icon_button"):
        _check_text(element.get("text"), "button", plain=True)
        if element.get("style") not in (None, "primary", "danger") and kind == "button":
            raise Refused("unknown style")
    elif kind == "feedback_buttons":
        for name in ("positive_button", "negative_button"):
            button = element.get(name) or {}
            _check_text(button.get("text"), "button", plain=True)
            if not button.get("value") or len(button["value"]) > 2000:
                raise Refused(f"{name} without value")
    elif kind in ("static_select", "overflow", "radio_buttons", "checkboxes"):
        _check_options(element)
    elif kind not in ("plain_text_input", "users_select", "image"):
        raise Refused(f"unknown element {kind}")


def _check_options(element: dict[str, Any]) -> None:
    options = element.get("options") or []
    if not 1 <= len(options) <= 100:
        raise Refused("so many options")
    for option in options:
        _check_text(option.get("text"), "option", plain=element["type"] == "static_select")
        if not 1 <= len(option.get("value", "")) <= 150:
            raise Refused("an option's value is empty or too long")
    first = element.get("initial_option")
    if first is not None and first not in options:
        raise Refused("initial_option is not among the options")
    if "placeholder" in element:
        _check_text(element["placeholder"], "option", plain=True)


def _check_text(text: Any, where: str, plain: bool = False) -> None:
    kinds = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
    if not isinstance(text, dict) or text.get("type") not in kinds:
        raise Refused(f"{where}: no text object")
    if not 1 <= len(text.get("text", "")) <= TEXTS[where]:
        raise Refused(f"{where}: text of {len(text.get('text', ''))} characters")
    if set(text) - {"type", "text", "emoji", "verbatim"}:
        raise Refused(f"{where}: {json.dumps(sorted(text))}")


def _check_rich(elements: Any) -> None:
    if not isinstance(elements, list) or not elements:
        raise Refused("rich_text without elements")
    for part in elements:
        if part.get("type") not in _RICH:
            raise Refused(f"rich_text holds no {part.get('type')}")
        for leaf in part.get("elements", []):
            if leaf.get("type") in _RICH:
                _check_rich([leaf])
            elif leaf.get("type") not in _RICH_LEAVES:
                raise Refused(f"unknown rich text {leaf.get('type')}")
            elif leaf["type"] == "text" and not leaf.get("text"):
                raise Refused("an empty text")


def _check_table(block: dict[str, Any]) -> None:
    rows = block.get("rows")
    if not isinstance(rows, list) or not 1 <= len(rows) <= 100:
        raise Refused("a table of so many rows")
    if any(not 1 <= len(row) <= 20 for row in rows) or len({len(row) for row in rows}) > 1:
        raise Refused("rows of so many, or different numbers of, cells")
    if len(block.get("column_settings") or []) > 20:
        raise Refused("too many columns")
    for cell in (cell for row in rows for cell in row):
        if cell.get("type") == "rich_text":
            _check_rich(cell.get("elements"))
        elif cell.get("type") != "raw_text" or not isinstance(cell.get("text"), str):
            raise Refused(f"a cell of kind {cell.get('type')}")
    if sum(len(text) for text in texts(rows)) > 10_000:
        raise Refused("a table over 10,000 characters")
