"""Telegram as a bot sees it: chats, messages, updates until confirmed, limits, failures."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.telegram import rules
from tests.telegram.rates import Rates
from tests.telegram.rules import Bad

BOT_ID = 4242
TOKEN = "4242:test-token-AAbbCCddEEff"
Failure = Literal["500", "lost", "dropped", "429"]
_SPENT = ("sendMessage", "editMessageText", "sendMessageDraft", "sendChatAction", "deleteMessage",
          "sendDocument", "sendRichMessage", "sendRichMessageDraft")  # fmt: skip


@dataclass(slots=True)
class Sent:
    """A message of the bot as its chat shows it; `texts` are all that it ever said."""

    chat_id: int
    message_id: int
    texts: list[str]
    parameters: dict[str, Any]
    at: float
    deleted: bool = False

    @property
    def text(self) -> str:
        return self.texts[-1]


@dataclass
class Platform:
    """One bot's Telegram."""

    rates: Rates = field(default_factory=Rates)
    fail: Callable[[str, dict[str, Any]], Failure | None] = lambda method, parameters: None
    sent: list[Sent] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    confirmed: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    moved: dict[int, int] = field(default_factory=dict)
    connections: dict[str, dict[str, Any]] = field(default_factory=dict)
    webhook: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._updates: list[dict[str, Any]] = []
        self._next_update = random.randint(1000, 9000)
        self._counters: dict[str, int] = defaultdict(lambda: random.randint(100, 900))
        self._messages: dict[tuple[int, int], Sent | str] = {}
        self._news = asyncio.Event()
        self._poll = 0

    # People

    def say(self, chat_id: int, text: str, user_id: int = 0, **more: Any) -> int:
        """Somebody writes to a chat; returns the message's id."""
        message = self.message(chat_id, user_id, text=text, **more)
        kind = "business_message" if "business_connection_id" in more else "message"
        self.update(**{kind: message})
        return int(message["message_id"])

    def edit(self, chat_id: int, message_id: int, text: str, user_id: int = 0) -> None:
        """Somebody edits what he wrote."""
        message = self.message(chat_id, user_id, text=text, edit_date=int(time.time()))
        self.update(edited_message={**message, "message_id": message_id})

    def press(self, sent: Sent, label: str, user_id: int = 0) -> None:
        """Somebody presses the button whose label holds this."""
        rows = sent.parameters["reply_markup"]["inline_keyboard"]
        data = next(b["callback_data"] for row in rows for b in row if label in b["text"])
        user = self.user(user_id or sent.chat_id)
        below = {"message_id": sent.message_id, "date": int(time.time()), "text": sent.text,
                 "chat": self.chat(sent.chat_id), "from": self.me()}  # fmt: skip
        self.update(callback_query={"id": str(random.getrandbits(60)), "from": user, "data": data,
                                    "chat_instance": "1", "message": below})  # fmt: skip

    def press_stop(self, chat_id: int, draft_id: int) -> None:
        """Somebody presses the button under a draft."""
        self.update(stopped_message_generation={"chat": self.chat(chat_id), "draft_id": draft_id})

    def message(self, chat_id: int, user_id: int = 0, **content: Any) -> dict[str, Any]:
        """A message as an update carries it; bold commands and mentions get their entities."""
        message_id = self._next_message(chat_id)
        self._messages[chat_id, message_id] = "theirs"
        text = content.get("text", "")
        entities = content.pop("entities", [])
        if text.startswith("/"):
            entities.append({"type": "bot_command", "offset": 0, "length": len(text.split()[0])})
        at = text.find("@mersal_bot")
        if at >= 0 and not text.startswith("/"):
            entities.append({"type": "mention", "offset": rules.units(text[:at]), "length": 11})
        found = {"entities": entities} if entities else {}
        return {"message_id": message_id, "date": int(time.time()), "chat": self.chat(chat_id),
                "from": self.user(user_id or abs(chat_id)), **content, **found}  # fmt: skip

    def update(self, **content: Any) -> int:
        """Something happened; returns the update's id."""
        self._next_update += 1
        self._updates.append({"update_id": self._next_update, **content})
        self._news.set()
        return self._next_update

    def begin_ids_anew(self, chat_id: int) -> None:
        """The next message of a group is its first."""
        self._counters[str(chat_id)] = 0

    def again(self, count: int = 1) -> None:
        """The latest updates arrive once more, as after a lost confirmation."""
        self._updates += [dict(update) for update in self._updates[-count:]]
        self._news.set()

    @staticmethod
    def user(user_id: int) -> dict[str, Any]:
        return {"id": user_id, "is_bot": False, "first_name": f"Amina{user_id}"}

    @staticmethod
    def me() -> dict[str, Any]:
        return {"id": BOT_ID, "is_bot": True, "first_name": "Mersal", "username": "mersal_bot"}

    @staticmethod
    def chat(chat_id: int) -> dict[str, Any]:
        if chat_id > 0:
            return {"id": chat_id, "type": "private", "first_name": f"Amina{chat_id}"}
        return {"id": chat_id, "type": "supergroup", "title": "Souk", "is_forum": True}

    @property
    def unconfirmed(self) -> list[dict[str, Any]]:
        return self._updates

    def said(self, chat_id: int) -> list[str]:
        """What the bot's messages in a chat say now, in their order."""
        return [one.text for one in self.sent if one.chat_id == chat_id and not one.deleted]

    # The bot's calls

    async def call(self, method: str, given: dict[str, str]) -> Any:
        """Do a call. Raises Bad for what the platform refuses."""
        if method not in rules.METHODS:
            raise Bad("Not Found: method not found", 404)
        try:
            parameters = rules.read_parameters(method, given)
            if method in _SPENT:
                self.rates.spend(parameters["chat_id"])
            self.calls.append((method, parameters))
            answer = getattr(self, f"_{method}")(parameters)
            return await answer if asyncio.iscoroutine(answer) else answer
        except Bad as refusal:
            if refusal.code == 400 and "not modified" not in str(refusal):
                self.refused.append(f"{method}: {refusal}")
            raise

    def _getMe(self, _: dict[str, Any]) -> dict[str, Any]:
        return {**self.me(), "can_join_groups": True, "can_read_all_group_messages": False,
                "supports_inline_queries": False, "can_connect_to_business": True}  # fmt: skip

    async def _getUpdates(self, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook.get("url"):
            raise Bad("Conflict: can't use getUpdates method while webhook is active", 409)
        self._poll += 1
        mine = self._poll
        self._news.set()
        offset = parameters.get("offset", 0)
        self.confirmed |= {u["update_id"] for u in self._updates if u["update_id"] < offset}
        self._updates = [u for u in self._updates if u["update_id"] >= offset]
        until = time.monotonic() + parameters.get("timeout", 0)
        while not self._updates and time.monotonic() < until:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), until - time.monotonic())
            except TimeoutError:
                break
            if mine != self._poll:
                raise Bad("Conflict: terminated by other getUpdates request", 409)
        wanted = parameters.get("allowed_updates") or []
        fit = [u for u in self._updates if not wanted or set(u) & set(wanted)]
        return fit[: parameters.get("limit", 100)]

    def _deleteWebhook(self, _: dict[str, Any]) -> bool:
        self.webhook = {}
        return True

    def _setWebhook(self, parameters: dict[str, Any]) -> bool:
        self.webhook = parameters
        return True

    def _setMyCommands(self, parameters: dict[str, Any]) -> bool:
        rules.check_commands(parameters["commands"], parameters.get("language_code", ""))
        return True

    def _getBusinessConnection(self, parameters: dict[str, Any]) -> dict[str, Any]:
        found = self.connections.get(parameters["business_connection_id"])
        if found is None:
            raise Bad("Bad Request: business connection not found")
        return found

    def _answerCallbackQuery(self, _: dict[str, Any]) -> bool:
        return True

    def _sendChatAction(self, parameters: dict[str, Any]) -> bool:
        self._reachable(parameters)
        return True

    def _sendMessage(self, parameters: dict[str, Any]) -> dict[str, Any]:
        chat_id = self._reachable(parameters)
        self._check(parameters)
        reply = parameters.get("reply_parameters")
        if reply and (chat_id, reply["message_id"]) not in self._messages:
            if not reply.get("allow_sending_without_reply"):
                raise Bad("Bad Request: message to be replied not found")
        return self._keep(chat_id, parameters["text"], parameters)

    def _sendDocument(self, parameters: dict[str, Any]) -> dict[str, Any]:
        chat_id = self._reachable(parameters)
        return self._keep(chat_id, parameters.get("caption", ""), parameters)

    def _sendRichMessage(self, parameters: dict[str, Any]) -> dict[str, Any]:
        chat_id = self._reachable(parameters)
        self._check(parameters)
        return self._keep(chat_id, parameters["rich_message"]["html"], parameters)

    def _sendRichMessageDraft(self, parameters: dict[str, Any]) -> bool:
        return self._sendMessageDraft(parameters)

    def _sendMessageDraft(self, parameters: dict[str, Any]) -> bool:
        if self._reachable(parameters) < 0:
            raise Bad("Bad Request: TEXTDRAFT_PEER_INVALID")
        if not parameters["draft_id"]:
            raise Bad("Bad Request: draft_id must be non-zero")
        self._check(parameters)
        return True

    def _editMessageText(self, parameters: dict[str, Any]) -> dict[str, Any]:
        chat_id = self._reachable(parameters)
        message = self._messages.get((chat_id, parameters["message_id"]))
        if message is None or (isinstance(message, Sent) and message.deleted):
            raise Bad("Bad Request: message to edit not found")
        if not isinstance(message, Sent):
            raise Bad("Bad Request: message can't be edited")
        self._check(parameters)
        same = all(
            parameters.get(name) == message.parameters.get(name)
            for name in ("text", "entities", "reply_markup", "rich_message")
        )
        if same:
            raise Bad("Bad Request: message is not modified: specified new message content and "
                      "reply markup are exactly the same")  # fmt: skip
        message.texts.append(parameters.get("text") or parameters["rich_message"]["html"])
        message.parameters = {**message.parameters, "reply_markup": None, "entities": None,
                              "text": None, "rich_message": None, **parameters}  # fmt: skip
        return self._shown(message)

    def _deleteMessage(self, parameters: dict[str, Any]) -> bool:
        message = self._messages.get((parameters["chat_id"], parameters["message_id"]))
        if not isinstance(message, Sent):
            raise Bad("Bad Request: message to delete not found")
        message.deleted = True
        return True

    def _reachable(self, parameters: dict[str, Any]) -> int:
        chat_id = int(parameters["chat_id"])
        if chat_id in self.blocked:
            raise Bad("Forbidden: bot was blocked by the user", 403)
        if chat_id in self.moved:
            raise Bad("Bad Request: group chat was upgraded to a supergroup chat",
                      migrate_to_chat_id=self.moved[chat_id])  # fmt: skip
        connection = parameters.get("business_connection_id")
        if connection and connection not in self.connections:
            raise Bad("Bad Request: business connection not found")
        return chat_id

    @staticmethod
    def _check(parameters: dict[str, Any]) -> None:
        if "rich_message" in parameters:
            rules.check_rich(parameters["rich_message"])
        else:
            text = parameters.get("text", "")
            rules.check_text(text)
            rules.check_entities(text, parameters.get("entities") or [])
        if parameters.get("reply_markup"):
            rules.check_keyboard(parameters["reply_markup"])

    def _keep(self, chat_id: int, text: str, parameters: dict[str, Any]) -> dict[str, Any]:
        message_id = self._next_message(chat_id)
        sent = Sent(chat_id, message_id, [text], parameters, time.monotonic())
        self._messages[chat_id, message_id] = sent
        self.sent.append(sent)
        return self._shown(sent)

    def _shown(self, sent: Sent) -> dict[str, Any]:
        return {"message_id": sent.message_id, "date": int(time.time()), "text": sent.text,
                "chat": self.chat(sent.chat_id), "from": self.me()}  # fmt: skip

    def _next_message(self, chat_id: int) -> int:
        """Private chats share one sequence of ids, as on the platform; groups have their own."""
        name = "private" if chat_id > 0 else str(chat_id)
        self._counters[name] += 1
        return self._counters[name]
