"""The doorbell protocol beside a model of it in Python: what may happen, and what must be true."""

import time
import uuid
from collections import Counter
from typing import cast

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from broker.claims import Claim
from broker.messages import Outcome, ReplyDelta
from broker.settings import LimitSettings, RedisSettings, Settings, TurnSettings
from tests.broker.doorbell import GONE_S, Doorbell, chat_of, finished, ids_of
from tests.broker.expected import MAX_MESSAGES, Expected, Held
from tests.broker.look import Line, Look, chats_of, look_behind

MODELS = ("demo", "other")
# Few conversations and owners, so that much happens to each of them.
USERS = {"a1": "anna", "a2": "anna", "a3": "anna", "b": "badr"}
CHATS = tuple(USERS)
OWNERS = ("w1.1", "w2.1")
MAX_TRIES = 4
HISTORY_TURNS = 4
THREADS = 3

chats = st.sampled_from(CHATS)
models = st.sampled_from(MODELS)
owners = st.sampled_from((OWNERS[0], *OWNERS))


class DoorbellMachine(RuleBasedStateMachine):
    """Anything may happen between any two scripts, for each script is one step of Redis."""

    url = ""
    held = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.bell = Doorbell(
            Settings(
                redis_url=self.url,
                redis=RedisSettings(namespace=f"h{uuid.uuid4().hex[:10]}"),
                limits=LimitSettings(messages_per_minute=0, pending_messages=6, wait_s=3600),
                turn=TurnSettings(
                    lease_s=60,  # they run out when a rule says so, not when the machine is slow
                    max_messages=MAX_MESSAGES,
                    max_tries=MAX_TRIES,
                    history_turns=HISTORY_TURNS,
                ),
            )
        )
        turn = self.bell.settings.turn.model_copy(update={"while_answering": "merge"})
        self.merging = self.bell.settings.model_copy(update={"turn": turn})
        self.expected = {chat: Expected() for chat in CHATS}
        self.fences: set[tuple[str, str]] = set()
        # Models whose rings may be too few until the next script that counts them.
        self.short_of_rings: set[str] = set()
        self.strikes: Counter[str] = Counter()
        self.set_aside: dict[str, set[str]] = {model: set() for model in MODELS}
        self.claimed: list[Held] = []

    @initialize(user_turns=st.sampled_from((0, 1)))
    def workers_appear(self, user_turns: int) -> None:
        limits = self.bell.settings.limits.model_copy(update={"user_turns": user_turns})
        self.bell.settings = self.bell.settings.model_copy(update={"limits": limits})
        self.most_at_once = user_turns or THREADS - 1
        for model in MODELS:
            self.bell.sweep(model, "w1", THREADS)
        for chat in CHATS:
            self.submit(chat, 0, False)
            self.submit(chat, 1, False)

    # What users do

    @rule(chat=chats, number=st.integers(0, 9), merging=st.booleans())
    def submit(self, chat: str, number: int, merging: bool) -> None:
        """Ten ids a conversation: many submits are redeliveries."""
        now, ident = self.expected[chat], f"{chat}-{number}"
        receipt = self.bell.submit(
            chat,
            message_id=ident,
            user=USERS[chat],
            settings=self.merging if merging else None,
        )
        if ident in now.seen:
            assert receipt.status == "duplicate"
            return
        if self.strikes[USERS[chat]] >= 2:
            assert receipt.status == "paused"
            return
        if len(now.pending) == self.bell.settings.limits.pending_messages:
            assert receipt.status == "inbox_full"
            return
        assert receipt.status == "accepted"
        now.seen.add(ident)
        now.pending.append(ident)
        now.model = now.model or "demo"
        if now.holder is None:
            if not now.in_line:
                self.short_of_rings.discard(now.model)
            now.in_line = True
        elif merging and not now.stopped:
            now.merge = True

    @rule(chat=chats, wish=st.sampled_from(["cancel", "cancel", "forget", *MODELS]))
    def wish(self, chat: str, wish: str) -> None:
        if wish == "cancel":
            self.cancel(chat)
        elif wish == "forget":
            self.forget(chat)
        else:
            self.bell.choose(wish, chat)
            self.expected[chat].model = wish

    def cancel(self, chat: str) -> None:
        now, answer = self.expected[chat], self.bell.cancel(chat)
        if now.holder is not None:
            assert answer == "running"
            now.stopped, now.merge = len(now.holder.claim.messages), False
        elif now.pending:
            assert answer == "waiting"
            now.stopped, now.merge = len(now.pending), False
        else:
            assert answer == "idle"

    @rule(mine=held)
    def stop_one_answer(self, mine: Held) -> None:
        """It may have ended long ago; then nothing else is stopped."""
        claim, chat = mine.claim, chat_of(mine.claim)
        now, answer = self.expected[chat], self.bell.cancel(chat, claim.reply_id)
        if int(claim.fence) <= now.over:
            assert answer == "idle"
        elif now.holder is not None:
            assert answer == "running"
            now.stopped, now.merge = len(now.holder.claim.messages), False
        else:
            assert answer == "waiting"
            now.stopped, now.merge = max(now.stopped, now.taken), False

    @rule(
        chat=chats,
        positions=st.sets(st.integers(0, 5), min_size=1, max_size=3),
        before=st.sampled_from(["nothing", "a death", "a stop"]),
    )
    def withdraw(self, chat: str, positions: set[int], before: str) -> None:
        """Some of what waits or is being answered is taken back."""
        now = self.expected[chat]
        if before == "a death":
            self.one_worker_dies(chat, True)
        elif before == "a stop":
            self.cancel(chat)
        gone = {ident for place, ident in enumerate(now.pending) if place in positions}
        self.take_back(chat, gone)

    @rule(mine=held, waiting=st.booleans())
    def withdraw_what_was_claimed(self, mine: Held, waiting: bool) -> None:
        """It may be running, waiting again or over; with what waits besides, or without."""
        chat = chat_of(mine.claim)
        self.take_back(chat, {*ids_of(mine.claim), *(self.expected[chat].pending * waiting)})

    def take_back(self, chat: str, gone: set[str]) -> None:
        now = self.expected[chat]
        assert self.bell.withdraw("another", *sorted(gone), chat=chat) == now.withdraw(gone)
        if now.holder is not None:
            self.renew_and_publish(now.holder)

    def forget(self, chat: str) -> None:
        now = self.expected[chat]
        assert self.bell.forget(chat) == len(now.turns)
        if now.holder is not None:
            self.short_of_rings.add(now.holder.model)  # its thread has not heard of it yet
        now.pending, now.turns, now.holder = [], [], None
        now.tries, now.careful, now.stopped, now.merge = 0, 0, 0, False
        now.over = now.fence
        if now.taken_by:
            self.set_aside[now.taken_by].discard(chat)

    # What workers do

    @rule(target=held, owner=owners, model=models, rung=st.booleans())
    def take(self, owner: str, model: str, rung: bool) -> object:
        waiting = [now.model for now in self.expected.values() if now.in_line]
        if waiting and model not in waiting:
            model = waiting[0]  # most takes are to find something
        if rung:
            self.bell.redis.rpop(self.bell.keys("ring", model))
        return self._taken(self.bell.take(owner, model), owner, model)

    @rule(target=held, mine=held, take=st.booleans(), fewer=st.booleans())
    def commit(self, mine: Held, take: bool, fewer: bool) -> object:
        """Also by those who lost their lease long ago."""
        now, claim = self.expected[chat_of(mine.claim)], mine.claim
        outcome, consumed = self._answer(claim, fewer)
        done = finished(claim, outcome=outcome, consumed=consumed)
        state, following = self.bell.claims(mine.model).step(mine.owner, done, take)
        if now.holder is not mine:
            assert state == "fenced"
        else:
            assert state == "committed"
            self._committed(now, claim, consumed, outcome)
        if not take:
            self.short_of_rings.discard(mine.model)
            assert following is None
            return multiple()
        return self._taken(following, mine.owner, mine.model)

    @precondition(lambda self: self.claimed)
    @rule(target=held, number=st.integers(0, 99), take=st.booleans())
    def commit_too_late(self, number: int, take: bool) -> object:
        """Whoever lost a lease may try at any time, again and again."""
        stale = [m for m in self.claimed if self.expected[chat_of(m.claim)].holder is not m]
        return self.commit(stale[number % len(stale)], take, False) if stale else multiple()

    @rule(mine=held)
    def renew_and_publish(self, mine: Held) -> None:
        claim, claims = mine.claim, self.bell.claims(mine.model)
        now = self.expected[chat_of(claim)]
        delta = ReplyDelta(claim.conversation_id, claim.reply_id, 0, "piece")
        shown = claims.publish(claim, delta)
        (word,) = claims.renew([claim])
        if now.holder is mine:
            assert shown
            assert word == ("stop" if now.stopped else "merge" if now.merge else "kept")
        else:
            assert (shown, word) == (False, "lost")

    @rule(mine=consumes(held))
    def release(self, mine: Held) -> None:
        now = self.expected[chat_of(mine.claim)]
        released = self.bell.claims(mine.model).release(mine.owner, mine.claim)
        assert released == (now.holder is mine)
        if released:
            now.holder, now.in_line = None, True
            self.short_of_rings.add(mine.model)
            self.short_of_rings.discard(now.model)

    # What goes wrong

    def holder_dies(self, now: Expected) -> None:
        """Its lease runs out; it may well wake up again and try to commit."""
        assert now.holder is not None
        leases = self.bell.keys("leases", now.holder.model)
        self.bell.redis.zadd(leases, {now.holder.claim.conversation_id: 1.0}, xx=True)

    @rule(chat=chats, noticed=st.booleans())
    def one_worker_dies(self, chat: str, noticed: bool) -> None:
        now = self.expected[chat]
        if now.holder is not None:
            model = now.holder.model
            self.holder_dies(now)
            if noticed:
                self.sweep(model)

    @rule(mine=consumes(held))
    def a_claim_is_lost_on_its_way(self, mine: Held) -> None:
        """Redis's answer never reaches a worker that lives and sweeps: nobody has died."""
        now = self.expected[chat_of(mine.claim)]
        if now.holder is mine:
            self.holder_dies(now)
            workers = self.bell.keys("workers", mine.model)
            self.bell.redis.zadd(workers, {mine.owner: time.time() + GONE_S})
            self._sweep(mine.model, time.time(), self._run_out(mine.model), lives=mine.owner)
            self.bell.redis.zrem(workers, mine.owner)

    @rule(target=held, mine=held)
    def a_worker_freezes_and_takes_again(self, mine: Held) -> object:
        """The same thread may well get the same conversation; its old turn is stale."""
        now = self.expected[chat_of(mine.claim)]
        if now.holder is not mine:
            return multiple()
        self.one_worker_dies(chat_of(mine.claim), True)
        return self._taken(self.bell.take(mine.owner, mine.model), mine.owner, mine.model)

    @rule(model=models)
    def every_worker_dies(self, model: str) -> None:
        for now in self._held_in(model):
            self.holder_dies(now)
        self.sweep(model)

    @rule(model=models)
    def a_ring_is_lost(self, model: str) -> None:
        if self.bell.redis.rpop(self.bell.keys("ring", model)):
            self.short_of_rings.add(model)

    @rule(model=models)
    def sweep_after_an_outage(self, model: str) -> None:
        """Leases ran out because nobody could renew them: once each, that is forgiven."""
        lost = []
        for chat in self._run_out(model):
            held = self.expected[chat].holder
            assert held is not None
            if held.had_moment:
                lost.append(chat)
            held.had_moment = True
        self._sweep(model, 1.0, lost)

    @rule(model=models)
    def sweep(self, model: str) -> None:
        self._sweep(model, time.time(), self._run_out(model))

    def _run_out(self, model: str) -> list[str]:
        leases = self.bell.keys("leases", model)
        return chats_of(cast(list[bytes], self.bell.redis.zrangebyscore(leases, 0, 1)))

    def _sweep(self, model: str, swept_at: float, lost: list[str], lives: str = "") -> None:
        """Sweep, the last time having been at `swept_at`; these conversations' leases are lost.

        `lives`: an owner that has swept since."""
        self.bell.redis.hset(self.bell.keys("clock", model), "swept_at", swept_at)
        sweep = self.bell.sweep(model, "w1", THREADS)
        assert sweep.expired == len(lost)
        self.short_of_rings.discard(model)
        for chat in lost:
            now = self.expected[chat]
            assert now.holder is not None
            if now.holder.owner != lives:
                now.careful = max(now.careful, len(now.holder.claim.messages))
                now.tries += 1
            now.holder, now.in_line = None, True
            self.short_of_rings.discard(now.model)
        assert sweep.leased == len(self._held_in(model))
        assert sweep.set_aside == len(self.set_aside[model])

    # What must always be true

    @invariant()
    def all_is_as_expected(self) -> None:
        look = look_behind(self.bell, USERS, MODELS)
        for chat, now in self.expected.items():
            assert look.pending[chat] == now.pending
            assert look.turns[chat] == now.turns
            assert look.status[chat] == now.status
            assert now.status != "idle" or not now.pending
            self.check_replies(look, chat)
            self.check_place(look, chat)
        for model, line in look.lines.items():
            held = self._held_back(model)
            assert line.ready_count == self._ready(line, model)
            assert line.in_round == {u for u, lane in line.lanes.items() if lane} - held
            self.check_rings(line, model)

    def check_replies(self, look: Look, chat: str) -> None:
        """Exactly once, in order."""
        assert look.replied[chat] == self.expected[chat].replied
        flat = [ident for idents in look.replied[chat] for ident in idents]
        assert len(flat) == len(set(flat))

    def check_place(self, look: Look, chat: str) -> None:
        """Ready: once in one lane or among the suspects of one model. Leased: one lease."""
        now = self.expected[chat]
        places = sum(line.waiting[chat] for line in look.lines.values())
        leased = {model: line.leases.count(chat) for model, line in look.lines.items()}
        assert places == int(now.status == "ready")
        assert sum(leased.values()) == int(now.status == "leased")
        assert now.holder is None or leased[now.holder.model] == 1

    def check_rings(self, line: Line, model: str) -> None:
        """Nobody waits beside an idle thread, and threads are not called for nothing."""
        assert line.rings <= THREADS
        if model not in self.short_of_rings:
            assert line.rings >= min(self._takeable(line, model), THREADS - len(line.leases))

    def teardown(self) -> None:
        """Everybody still alive goes on working: in the end all is answered."""
        try:
            for _ in range(1000):
                if not self._work_once():
                    break
            else:
                raise AssertionError("work without end")
            for model in MODELS:
                assert self.bell.take("last", model) is None
                assert self.bell.rings(model) == 0
            self.all_is_as_expected()
            assert all(not now.pending and now.status == "idle" for now in self.expected.values())
        finally:
            self.bell.close()

    # The model's own steps

    def _taken(self, claim: Claim | None, owner: str, model: str) -> object:
        look = look_behind(self.bell, USERS, MODELS)
        for chat, now in self.expected.items():
            if now.in_line and not now.pending and look.status[chat] == "idle":
                now.in_line = False  # its turn came, and nothing was left to answer
        if claim is None:
            assert self._takeable(look.lines[model], model) == 0
            self.short_of_rings.discard(model)
            return multiple()
        chat = chat_of(claim)
        now, mine = self.expected[chat], Held(claim, owner, model)
        assert now.holder is None, "two hold one conversation"
        assert now.in_line
        assert now.model == model
        assert claim.tries == now.tries
        assert now.tries < 2 or not self._suspect_runs(model), "two suspects run at once"
        assert ids_of(claim) == tuple(now.pending[: now.most()])
        assert claim.cancel == bool(now.stopped)
        assert [tuple(s.message_id for s in t.said) for t in claim.turns] == now.turns[
            -HISTORY_TURNS:
        ]
        assert (chat, claim.fence) not in self.fences
        self.fences.add((chat, claim.fence))
        now.fence, now.taken, now.taken_by = int(claim.fence), len(claim.messages), model
        now.holder, now.in_line, now.merge = mine, False, False
        self.claimed.append(mine)
        return mine

    def _answer(self, claim: Claim, fewer: bool) -> tuple[Outcome, int]:
        if claim.cancel:
            return "stopped", len(claim.messages)
        if claim.tries >= MAX_TRIES:
            return "set_aside", len(claim.messages)
        return "answered", 1 if fewer else len(claim.messages)

    def _committed(self, now: Expected, claim: Claim, consumed: int, outcome: Outcome) -> None:
        idents = ids_of(claim)[:consumed]
        assert tuple(now.pending[:consumed]) == idents
        holder = now.holder
        assert holder is not None
        if outcome == "set_aside":
            self.set_aside[holder.model].add(chat_of(claim))
            self.strikes[USERS[chat_of(claim)]] += 1
        del now.pending[:consumed]
        now.turns.append(idents)
        now.replied.append(idents)
        now.careful = max(0, now.careful - consumed)
        now.tries, now.stopped, now.merge = 0, 0, False
        now.over = int(claim.fence)
        now.holder, now.in_line = None, bool(now.pending)

    def _work_once(self) -> bool:
        """Let every lease run out, then take and answer what there is."""
        worked = False
        for model in MODELS:
            self.every_worker_dies(model)
            mine = self._taken(self.bell.take("last", model), "last", model)
            if isinstance(mine, Held):
                worked = True
                self.commit(mine, False, False)
        # What came from the second model's queue into the first one's is still to do.
        return worked or any(now.in_line for now in self.expected.values())

    def _held_in(self, model: str) -> list[Expected]:
        held = (now for now in self.expected.values() if now.holder is not None)
        return [now for now in held if now.holder and now.holder.model == model]

    def _takeable(self, line: Line, model: str) -> int:
        """Conversations that an idle thread could take: of the suspects one, when none runs."""
        ordinary = self._ready(line, model) - len(line.suspects)
        return ordinary + int(bool(line.suspects) and not self._suspect_runs(model))

    def _ready(self, line: Line, model: str) -> int:
        held = sum(len(line.lanes[user]) for user in self._held_back(model))
        return sum(line.waiting.values()) - held

    def _held_back(self, model: str) -> set[str]:
        """Users who have as many turns as one may have at a time."""
        turns = Counter(
            USERS[chat]
            for chat, now in self.expected.items()
            if now.holder is not None and now.holder.model == model
        )
        return {user for user, count in turns.items() if count >= self.most_at_once}

    def _suspect_runs(self, model: str) -> bool:
        return any(now.tries >= 2 for now in self._held_in(model))
