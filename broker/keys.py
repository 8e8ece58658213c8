"""The only place that spells Redis keys; Lua gets the same spelling from here.

Every key of a deployment (later: of a shard) carries one hash tag, because one script
touches several of them. Lifetimes: what belongs to a conversation expires by
`retention.conversation_s` after its last use; what belongs to a model's queue expires likewise,
whether or not anybody sweeps; what a channel keeps about deliveries and arrivals expires by
`retention.dedup_s`; a user's preferences and feedback by `retention.conversation_s`; what a group
said lately after a day.
"""

import re
from dataclasses import dataclass

# name: what follows the tag; `%` is the id of the conversation, model, user or channel.
PATTERNS = {
    # a conversation: its pending messages, its turns, its state, ids seen, text so far, messages
    # that killed their workers and were set aside
    "inbox": "c:%:inbox",
    "history": "c:%:history",
    "state": "c:%:state",
    "seen": "c:%:seen",
    "partial": "c:%:partial",
    "aside": "c:%:aside",
    # a model's queue: users in fair order, their virtual times, suspects that run alone,
    # leases by due time, the rings (Celery's list), counters, live workers, conversations with
    # messages set aside, each user's turns in progress, the users who have enough of them, the
    # tasks that the model can do
    "ready": "m:%:ready",
    "virtual": "m:%:virtual",
    "suspects": "m:%:suspects",
    "leases": "m:%:leases",
    "ring": "m:%:ring",
    "clock": "m:%:clock",
    "workers": "m:%:workers",
    "threads": "m:%:threads",
    "poisoned": "m:%:poisoned",
    "serving": "m:%:serving",
    "held": "m:%:held",
    "able": "m:%:able",
    # a user: ready conversations within one model's queue ("model:user"), rate limit, messages
    # that killed their workers lately, and a pause because of them
    "lane": "l:%",
    "rate": "u:%:rate",
    "strikes": "u:%:strikes",
    "paused": "u:%:paused",
    # a channel: replies until delivered; and by pub/sub, pieces and finished replies as they come
    "outbox": "o:%:outbox",
    "deltas": "o:%:deltas",
    "replies": "o:%:replies",
    # a channel: events of the platform until handled, ids of those seen, the process on duty,
    # conversations that show the sign that an answer is on its way
    "arrivals": "a:%:arrivals",
    "arrived": "a:%:arrived",
    "duty": "a:%:duty",
    "awaited": "a:%:awaited",
    # a delivery: its parts, sent or attempted; a sequence of message ids: those lately seen
    "sent": "d:%:sent",
    "known": "d:%:known",
    # a limit of a platform: the times of the latest calls; a chat that must pause until a time
    "budget": "b:%:budget",
    "pause": "b:%:pause",
    # a user: preferences; feedback on an answer; a channel's notes about a chat; living models;
    # what a group said lately
    "preferences": "u:%:preferences",
    "feedback": "f:%:feedback",
    "note": "n:%:note",
    "living": "models:%",
    "recent": "r:%:recent",
}


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of one deployment."""

    namespace: str

    @property
    def tag(self) -> str:
        return "{" + self.namespace + "}:"

    def __call__(self, name: str, ident: str) -> str:
        return self.tag + PATTERNS[name].replace("%", ident)


def lua_functions(source: str) -> str:
    """The same spelling as Lua functions, `inbox(id)`, …; the tag is KEYS[1].

    Only those that `source` calls: Redis makes a script's functions anew with every call.
    """
    lines = ["local T = KEYS[1]"]
    for name, pattern in PATTERNS.items():
        if not re.search(rf"\b{name}\(", source):
            continue
        head, _, tail = pattern.partition("%")
        end = f" .. '{tail}'" if tail else ""
        lines.append(f"local function {name}(id) return T .. '{head}' .. id{end} end")
    return "\n".join(lines) + "\n"
