"""The Web API's methods of the agent's surface, of home and modals, of reactions."""

from typing import TYPE_CHECKING, Any

from tests.slack import blocks, rules
from tests.slack.rules import Bad
from tests.slack.workspace import Channel, Message, Workspace

if TYPE_CHECKING:
    from tests.slack.platform import Platform

Answer = dict[str, Any]


SESSIONS = {"processing", "active", "suspended", "closed"}


class Surface:
    platform: "Platform"

    def _assistant_threads_setStatus(
        self, team: Workspace, given: Answer, channel: Channel
    ) -> Answer:
        self._known_thread(channel, given["thread_ts"])
        if len(given.get("loading_messages") or []) > 10:
            raise Bad("invalid_arguments", "more than ten loading messages")
        team.statuses.append((channel.id, given["thread_ts"], given["status"]))
        return {}

    def _assistant_threads_setTitle(
        self, team: Workspace, given: Answer, channel: Channel
    ) -> Answer:
        self._known_thread(channel, given["thread_ts"])
        if channel.kind != "im" or not 1 <= len(given["title"]) <= 255:
            raise Bad("invalid_arguments", "no direct message, or a title of that length")
        team.titles.append((channel.id, given["thread_ts"], given["title"]))
        return {}

    def _assistant_threads_setSuggestedPrompts(
        self, team: Workspace, given: Answer, channel: Channel
    ) -> Answer:
        if "thread_ts" in given:
            self._known_thread(channel, given["thread_ts"])
        prompts = given["prompts"]
        good = isinstance(prompts, list) and 1 <= len(prompts) <= 4
        if not good or not all(set(one) == {"title", "message"} for one in prompts):
            raise Bad("invalid_arguments", "prompts")
        team.prompts.append(given)
        return {}

    def _agents_sessions_setStatus(
        self, team: Workspace, given: Answer, channel: Channel
    ) -> Answer:
        self._known_thread(channel, given["thread_ts"])
        if given["status"] not in SESSIONS or len(given.get("title", "")) > 200:
            raise Bad("invalid_arguments", "status or title")
        team.sessions[channel.id, given["thread_ts"]] = given["status"]
        return {"status": given["status"]}

    def _agents_sessions_rename(self, team: Workspace, given: Answer, channel: Channel) -> Answer:
        if (channel.id, given["thread_ts"]) not in team.sessions:
            raise Bad("session_not_found")
        team.titles.append((channel.id, given["thread_ts"], given["title"]))
        return {}

    @staticmethod
    def _known_thread(channel: Channel, thread_ts: str) -> None:
        if thread_ts not in channel.messages:
            raise Bad("invalid_thread_ts")

    def _files_getUploadURLExternal(self, team: Workspace, given: Answer) -> Answer:
        file_id = f"F{len(self.platform.files):08d}"
        self.platform.files[file_id] = (given["filename"], given["length"], b"")
        return {"upload_url": f"{self.platform.address}/upload/{file_id}", "file_id": file_id}

    def _files_completeUploadExternal(
        self, team: Workspace, given: Answer, channel: Channel
    ) -> Answer:
        names = [one["id"] for one in given["files"]]
        for name in names:
            if len(self.platform.files.get(name, ("", -1, b""))[2]) == 0:
                raise Bad("file_not_found")
        said = given.get("initial_comment", "")
        thread = given.get("thread_ts", "")
        message = Message(team.next_ts(), team.bot_user, [said], thread, by_bot=True)
        message.files = [{"id": name, "name": self.platform.files[name][0]} for name in names]
        team.keep(channel, message)
        self.platform.posted(team, channel, message)
        return {"files": message.files}

    def _views_publish(self, team: Workspace, given: Answer) -> Answer:
        if given["user_id"] not in team.people:
            raise Bad("invalid_arguments", "unknown user")
        view = given["view"]
        if view.get("type") != "home":
            raise Bad("invalid_arguments", "not a home view")
        rules.check_blocks(view.get("blocks"), blocks.PER_VIEW)
        team.homes[given["user_id"]] = view
        return {"view": {"id": f"V{given['user_id']}", "type": "home"}}

    def _views_open(self, team: Workspace, given: Answer) -> Answer:
        if given.get("trigger_id") not in self.platform.triggers:
            raise Bad("invalid_trigger_id")
        self.platform.triggers.discard(given["trigger_id"])
        rules.check_blocks(given["view"].get("blocks"), blocks.PER_VIEW)
        self.platform.modals.append(given["view"])
        return {"view": {"id": "VMODAL", "type": "modal"}}

    def _reactions_add(self, team: Workspace, given: Answer, channel: Channel) -> Answer:
        if given["timestamp"] not in channel.messages:
            raise Bad("message_not_found")
        reaction = (channel.id, given["timestamp"], given["name"])
        if reaction in team.reactions:
            raise Bad("already_reacted")
        team.reactions.append(reaction)
        return {}

    def _reactions_remove(self, team: Workspace, given: Answer, channel: Channel) -> Answer:
        reaction = (channel.id, given["timestamp"], given["name"])
        if reaction not in team.reactions:
            raise Bad("no_reaction")
        team.reactions.remove(reaction)
        return {}
