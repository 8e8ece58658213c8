"""The Bot API as far as we use it: messages plain and rich, previews, signs, files."""

import logging
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from telegram import Bot, InlineKeyboardMarkup, InputFile, MessageEntity, ReplyParameters
from telegram.error import TelegramError

from bots.answers import Document
from bots.telegram.calls import Calls, Spend
from bots.telegram.failures import Refused, UnknownMethod
from bots.telegram.part import Part
from bots.telegram.place import Place
from bots.telegram.rich import Rich

logger = logging.getLogger(__name__)

# A button under the draft; what shows when it is pressed stays until the message comes.
_STOPPABLE: dict[str, object] = {"can_stop": True, "keep_on_stop": True}


@dataclass(frozen=True, slots=True)
class File:
    """A document with a few words."""

    document: Document
    caption: str


Content = Part | Rich | File


class Api:
    """Raises the failures of bots.telegram.failures.

    `knows_rich` becomes False when this server turns out to be older than rich messages.
    """

    def __init__(self, bot: Bot, calls: Calls) -> None:
        self.calls = calls
        self.knows_rich = True
        self._bot = bot
        self._stoppable = True

    @property
    def username(self) -> str:
        """The bot's name, without its "@"."""
        return self._bot.username

    async def send(
        self,
        place: Place,
        content: Content,
        keyboard: InlineKeyboardMarkup | None = None,
        answers: int = 0,
        spend: Spend = "wait",
    ) -> int:
        """Send a message; returns its id. `answers` is the message that it visibly answers."""
        reply = ReplyParameters(answers, allow_sending_without_reply=True) if answers else None
        if isinstance(content, Rich):
            body = {"reply_markup": keyboard, "reply_parameters": reply}
            return await self._send_rich(place, content, body, spend)
        if isinstance(content, File):
            return await self._send_file(place, content, spend)
        message = await self.calls.make(
            place,
            spend,
            lambda: self._bot.send_message(
                place.chat_id,
                content.text,
                entities=_entities(content),
                message_thread_id=place.topic or None,
                business_connection_id=place.business or None,
                reply_markup=keyboard,
                reply_parameters=reply,
                read_timeout=self.calls.patience_s(spend),
            ),
        )
        return message.message_id

    async def _send_rich(
        self, place: Place, content: Rich, body: dict[str, Any], spend: Spend
    ) -> int:
        body["business_connection_id"] = place.business or None
        sent = await self._rich_call("sendRichMessage", place, content, body, spend)
        return int(sent["message_id"])

    async def _rich_call(
        self, method: str, place: Place, content: Rich, body: dict[str, Any], spend: Spend
    ) -> Any:
        body = {
            "chat_id": place.chat_id,
            "message_thread_id": place.topic or None,
            "rich_message": content.payload(),
            **body,
        }
        try:
            return await self.calls.make(
                place,
                spend,
                lambda: self._bot.do_api_request(
                    method, api_kwargs=body, read_timeout=self.calls.patience_s(spend)
                ),
            )
        except UnknownMethod:
            logger.warning("this Bot API server knows no rich messages: they go as plain ones")
            self.knows_rich = False
            raise

    async def _send_file(self, place: Place, content: File, spend: Spend) -> int:
        file = InputFile(content.document.content, filename=content.document.name)
        message = await self.calls.make(
            place,
            spend,
            lambda: self._bot.send_document(
                place.chat_id, file, caption=content.caption, message_thread_id=place.topic or None
            ),
        )
        return message.message_id

    async def edit(
        self,
        place: Place,
        message_id: int,
        content: Part | Rich,
        keyboard: InlineKeyboardMarkup | None = None,
        spend: Spend = "wait",
    ) -> None:
        """Replace a message's content. Raises NotModified when it already is so."""
        text, entities, more = "", None, None
        if isinstance(content, Rich):  # the library sends nothing of a text that is None
            more = {"text": None, "rich_message": content.payload()}
        else:
            text, entities = content.text, _entities(content)
        await self.calls.make(
            place,
            spend,
            lambda: self._bot.edit_message_text(
                text,
                chat_id=place.chat_id,
                message_id=message_id,
                entities=entities,
                business_connection_id=place.business or None,
                reply_markup=keyboard,
                api_kwargs=more,
                read_timeout=self.calls.patience_s(spend),
            ),
        )

    async def delete(self, place: Place, message_id: int) -> None:
        """Take a message of ours away."""
        await self.calls.make(
            place, "wait", lambda: self._bot.delete_message(place.chat_id, message_id)
        )

    async def draft(self, place: Place, draft_id: int, content: Part | Rich) -> None:
        """Show a preview in a private chat, if there is room in the budget."""
        stoppable = self._stoppable
        try:
            await self._draft(place, draft_id, content, _STOPPABLE if stoppable else {})
        except Refused as failure:
            if not stoppable or "can_stop" not in str(failure):
                raise
            logger.info("this Bot API server knows no button to stop drafts")
            self._stoppable = False

    async def _draft(
        self, place: Place, draft_id: int, content: Part | Rich, more: dict[str, Any]
    ) -> None:
        if isinstance(content, Rich):
            body = {"draft_id": draft_id, **more}
            await self._rich_call("sendRichMessageDraft", place, content, body, "spare")
            return
        await self.calls.make(
            place,
            "spare",
            lambda: self._bot.send_message_draft(
                place.chat_id,
                draft_id,
                content.text,
                message_thread_id=place.topic or None,
                entities=_entities(content),
                api_kwargs=more,
                read_timeout=self.calls.patience_s("spare"),
            ),
        )

    async def typing(self, place: Place) -> None:
        """Say that we are writing, if there is room in the budget."""

        def call() -> Awaitable[bool]:
            return self._bot.send_chat_action(
                place.chat_id,
                "typing",
                message_thread_id=place.topic or None,
                business_connection_id=place.business or None,
                read_timeout=self.calls.patience_s("spare"),
            )

        await self.calls.make(place, "spare", call)

    async def acknowledge_press(self, query_id: str, text: str) -> None:
        """Answer a press on a button; too late is no matter."""
        try:
            await self._bot.answer_callback_query(query_id, text or None)
        except TelegramError as error:
            logger.info("press not acknowledged: %s", error)


def _entities(part: Part) -> list[MessageEntity]:
    return [
        MessageEntity(
            str(one["type"]),
            int(one["offset"]),
            int(one["length"]),
            url=str(one["url"]) if "url" in one else None,
            language=str(one["language"]) if "language" in one else None,
        )
        for one in part.api_entities()
    ]
