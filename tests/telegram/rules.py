"""What the platform demands of a call: parameters, texts, entities. Pure."""

import json
from html.parser import HTMLParser
from typing import Any

MAX_UNITS = 4096
TYPES = {
    "mention", "hashtag", "url", "email", "phone_number", "bold", "italic", "underline",
    "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre", "text_link",
}  # fmt: skip
QUOTES = {"blockquote", "expandable_blockquote"}
CODE = {"code", "pre"}

# Of each method its parameters: the required ones end in "!"; kinds: i, s, b, j (JSON), f (file).
METHODS: dict[str, str] = {
    "getMe": "",
    "getUpdates": "offset:i limit:i timeout:i allowed_updates:j",
    "deleteWebhook": "drop_pending_updates:b",
    "setWebhook": "url:s! secret_token:s allowed_updates:j max_connections:i ip_address:s "
    "drop_pending_updates:b certificate:f",
    "setMyCommands": "commands:j! scope:j language_code:s",
    "getBusinessConnection": "business_connection_id:s!",
    "answerCallbackQuery": "callback_query_id:s! text:s show_alert:b url:s cache_time:i",
    "sendChatAction": "chat_id:i! action:s! message_thread_id:i business_connection_id:s",
    "sendMessage": "chat_id:i! text:s! entities:j message_thread_id:i business_connection_id:s "
    "reply_parameters:j reply_markup:j disable_notification:b parse_mode:s",
    "sendMessageDraft": "chat_id:i! draft_id:i! text:s entities:j message_thread_id:i can_stop:b "
    "keep_on_stop:b",
    "editMessageText": "chat_id:i! message_id:i! text:s entities:j business_connection_id:s "
    "reply_markup:j parse_mode:s rich_message:j",
    "deleteMessage": "chat_id:i! message_id:i!",
    "sendDocument": "chat_id:i! document:f! caption:s message_thread_id:i "
    "business_connection_id:s reply_markup:j",
    "sendRichMessage": "chat_id:i! rich_message:j! message_thread_id:i business_connection_id:s "
    "reply_parameters:j reply_markup:j",
    "sendRichMessageDraft": "chat_id:i! draft_id:i! rich_message:j! message_thread_id:i can_stop:b "
    "keep_on_stop:b",
}


class Bad(Exception):
    """Raised when the platform answers 400, or another code, with this description."""

    def __init__(self, description: str, code: int = 400, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.parameters = parameters


def read_parameters(method: str, given: dict[str, str]) -> dict[str, Any]:
    """Typed parameters. Raises Bad for unknown, missing or malformed ones."""
    wanted = dict(part.split(":") for part in METHODS[method].split())
    unknown = set(given) - set(wanted)
    if unknown:
        raise Bad(f"Bad Request: unknown parameter {sorted(unknown)}")
    missing = [name for name, kind in wanted.items() if kind.endswith("!") and name not in given]
    if missing:
        raise Bad(f"Bad Request: missing {missing}")
    return {name: _typed(name, wanted[name][0], value) for name, value in given.items()}


def _typed(name: str, kind: str, value: str) -> Any:
    try:
        if kind == "i":
            return int(value)
        if kind == "j":
            return json.loads(value)
    except ValueError:
        raise Bad(f"Bad Request: can't parse {name}") from None
    if kind == "b":
        return value in ("true", "True", "1")
    return value


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def check_text(text: str, what: str = "message") -> None:
    try:
        length = units(text)
    except UnicodeEncodeError:
        raise Bad("Bad Request: strings must be encoded in UTF-8") from None
    if not text.strip():
        raise Bad(f"Bad Request: {what} text is empty")
    if length > MAX_UNITS:
        raise Bad(f"Bad Request: {what} is too long")


def check_entities(text: str, entities: list[dict[str, Any]]) -> None:
    """Stricter than the platform, which mends some of this in silence."""
    raw = text.encode("utf-16-le")
    ranges = []
    for entity in entities:
        kind, start, length = entity["type"], entity["offset"], entity["length"]
        end = start + length
        if kind not in TYPES:
            raise Bad(f"Bad Request: unsupported entity {kind}")
        if start < 0 or length <= 0 or end * 2 > len(raw):
            raise Bad(f"Bad Request: entity at {start} ends after the end of the text")
        for edge in (start, end):
            if raw[edge * 2 : edge * 2 + 2] and 0xDC <= raw[edge * 2 + 1] <= 0xDF:
                raise Bad(f"Bad Request: entity begins or ends in the middle of a symbol at {edge}")
        url = entity.get("url", "")
        if (kind == "text_link") != bool(url) or (url and "://" not in url and ":" not in url):
            raise Bad("Bad Request: entity URL is invalid")
        if entity.get("language") and kind != "pre":
            raise Bad("Bad Request: only pre has a language")
        ranges.append((start, end, kind))
    for index, (start, end, kind) in enumerate(ranges):
        for first, last, other in ranges[index + 1 :]:
            _check_pair((start, end, kind), (first, last, other))


def _check_pair(one: tuple[int, int, str], two: tuple[int, int, str]) -> None:
    if one[1] <= two[0] or two[1] <= one[0]:
        return
    outer, inner = (one, two) if one[1] - one[0] >= two[1] - two[0] else (two, one)
    if not (outer[0] <= inner[0] and inner[1] <= outer[1]):
        raise Bad("Bad Request: entities overlap")
    if outer[2] in CODE or (inner[2] in CODE and outer[2] not in QUOTES):
        raise Bad("Bad Request: entities inside of code")
    if outer[2] in QUOTES and inner[2] in QUOTES:
        raise Bad("Bad Request: quotes inside of quotes")


RICH_CHARS, RICH_BLOCKS, RICH_DEPTH = 32_768, 500, 16
RICH_BLOCK_TAGS = set("h1 h2 h3 h4 h5 h6 p pre ul ol li blockquote table tr hr".split())
RICH_TAGS = RICH_BLOCK_TAGS | set(
    "b i u s a code tg-spoiler tg-math tg-math-block tg-reference th td br sup sub mark".split()
)
RICH_ATTRIBUTES = {"a": {"href"}, "code": {"class"}, "ol": {"start"}, "th": {"align"},
                   "td": {"align"}, "tg-reference": {"name"}}  # fmt: skip


class _RichHtml(HTMLParser):
    """Knows the tags of a document, and that they close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.blocks = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wrong = {name for name, _ in attrs} - RICH_ATTRIBUTES.get(tag, set())
        if tag not in RICH_TAGS or wrong:
            raise Bad(f"Bad Request: unsupported tag {tag} {sorted(wrong)}")
        href = dict(attrs).get("href") or ""
        if tag == "a" and not href.startswith(("https://", "http://", "mailto:", "#")):
            raise Bad("Bad Request: link of an unexpected kind")
        self.blocks += tag in RICH_BLOCK_TAGS
        self.open.append(tag)
        if len(self.open) > RICH_DEPTH:
            raise Bad("Bad Request: nested too deeply")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Bad(f"Bad Request: unexpected end of {tag}")


def check_rich(message: dict[str, Any]) -> None:
    """Rich messages come as HTML from us; stricter than the platform."""
    if set(message) - {"html", "is_rtl", "skip_entity_detection"} or not message.get("html"):
        raise Bad("Bad Request: exactly one of html, markdown and blocks")
    if len(message["html"]) > RICH_CHARS:
        raise Bad("Bad Request: rich message is too long")
    parser = _RichHtml()
    parser.feed(message["html"])
    parser.close()
    if parser.open or parser.blocks > RICH_BLOCKS:
        raise Bad("Bad Request: can't parse rich message")


def check_keyboard(markup: dict[str, Any]) -> None:
    for row in markup["inline_keyboard"]:
        for button in row:
            if not button["text"] or not 1 <= len(button["callback_data"].encode()) <= 64:
                raise Bad("Bad Request: BUTTON_DATA_INVALID")


def check_commands(commands: list[dict[str, str]], language: str) -> None:
    if language and (len(language) != 2 or not language.islower()):
        raise Bad("Bad Request: invalid language code specified")
    for command in commands:
        name, what = command["command"], command["description"]
        plain = name.replace("_", "").isalnum() and name.islower() and len(name) <= 32
        if not plain or not 1 <= len(what) <= 256:
            raise Bad("Bad Request: BOT_COMMAND_INVALID")
