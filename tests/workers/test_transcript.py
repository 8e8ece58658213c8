"""What the model is to see of a claim."""

from dataclasses import replace

from broker.claims import Claim
from broker.messages import Action, Address, Said, Turn, UserMessage
from inference.engine import ChatMessage
from workers.transcript import Wish, alone, next_question, to_chat

ADDRESS = Address("web", "c1")


def message(ident: str, text: str = "", action: Action = "say", sender: str = "") -> UserMessage:
    return UserMessage(ADDRESS, ident, "u1", text or ident, 1.0, sender=sender, action=action)


def turn(said: str, text: str) -> Turn:
    return Turn((Said(said, said, 1.0),), f"r-{said}", text, "answered" if text else "failed")


def claim(messages: list[UserMessage], turns: list[Turn] | None = None) -> Claim:
    return Claim("web:c1:", "1", 0, False, False, tuple(messages), tuple(turns or []))


def test_a_burst_of_messages_is_one_question() -> None:
    question = next_question(claim([message("salam"), message("chkoun nta?")]))
    assert question.consumed == 2
    assert to_chat(question, "") == (ChatMessage("user", "salam\nchkoun nta?"),)


def test_a_regeneration_ends_the_burst_and_stands_alone() -> None:
    again = message("again", action="regenerate")
    assert next_question(claim([message("a"), again, message("b")])).consumed == 1
    question = next_question(claim([again, message("b")], [turn("q", "old answer")]))
    assert question.consumed == 1
    assert question.regenerates
    assert to_chat(question, "") == (ChatMessage("user", "q"),)


def test_without_a_turn_there_is_nothing_to_regenerate() -> None:
    assert not next_question(claim([message("again", action="regenerate")])).said


def test_what_was_stopped_ends_all_together() -> None:
    pending = [message("a"), message("again", action="regenerate"), message("b")]
    question = next_question(replace(claim(pending, [turn("q", "old")]), cancel=True))
    assert (question.consumed, [one.message_id for one in question.said]) == (3, ["a", "b"])
    assert not question.regenerates
    question = next_question(replace(claim(pending[1:2], [turn("q", "old")]), cancel=True))
    assert (question.consumed, question.said) == (1, ())
    assert question.regenerates  # the old answer stays


def test_turns_without_an_answer_are_left_out_of_the_prompt() -> None:
    question = next_question(claim([message("now")], [turn("q1", "a1"), turn("q2", "")]))
    assert to_chat(question, "be kind") == (
        ChatMessage("system", "be kind"),
        ChatMessage("user", "q1"),
        ChatMessage("assistant", "a1"),
        ChatMessage("user", "now"),
    )


def test_in_a_group_the_model_sees_who_said_what() -> None:
    question = next_question(claim([message("salam", sender="Amina"), message("hi", sender="Sam")]))
    assert to_chat(question, "")[0].content == "Amina: salam\nSam: hi"


def edit(ident: str, replaces: str, text: str) -> UserMessage:
    return UserMessage(ADDRESS, ident, "u1", text, 1.0, action="edit", replaces=replaces)


def test_an_edit_of_what_was_answered_last_is_asked_again_in_its_place() -> None:
    question = next_question(claim([edit("e1", "q", "better")], [turn("p", "x"), turn("q", "y")]))
    assert (question.regenerates, question.edited, question.consumed) == (True, True, 1)
    assert [one.text for one in question.said] == ["better"]
    assert [one.message_id for one in question.said] == ["q"]  # a second edit finds it
    assert len(question.turns) == 1


def test_an_edit_of_what_still_waits_takes_its_place() -> None:
    waiting = [message("a"), message("b"), edit("e1", "a", "A"), edit("e2", "a", "AA")]
    question = next_question(claim(waiting))
    assert (question.consumed, question.regenerates) == (4, False)
    assert [one.text for one in question.said] == ["AA", "b"]


def test_an_edit_of_something_older_is_a_message_like_others() -> None:
    question = next_question(claim([edit("e1", "p", "P")], [turn("p", "x"), turn("q", "y")]))
    assert not question.regenerates
    assert [one.text for one in question.said] == ["P"]


def task(ident: str, target: str = "fr", keeps: bool = False) -> UserMessage:
    return replace(message(ident), task="translate", target=target, keeps=keeps)


def test_a_task_stands_alone_wherever_it_is() -> None:
    first = next_question(claim([task("t"), message("a"), message("b")]))
    assert (first.consumed, first.wish) == (1, Wish("translate", "fr"))
    burst = next_question(claim([message("a"), message("b"), task("t")]))
    assert (burst.consumed, burst.wish) == (2, Wish())


def test_an_edit_of_a_task_that_waits_keeps_the_task() -> None:
    waiting = [task("t"), edit("e1", "t", "T"), edit("e2", "other", "x")]
    question = next_question(claim(waiting))
    assert (question.consumed, question.wish) == (2, Wish("translate", "fr"))
    assert [one.text for one in question.said] == ["T"]


def test_the_letters_of_a_burst_are_those_of_its_last_message() -> None:
    burst = [replace(message("a"), script="arab"), replace(message("b"), script="latn")]
    assert next_question(claim(burst)).wish == Wish(script="latn")


def done(said: str, text: str, aside: bool = True) -> Turn:
    translated = replace(turn(said, text), task="translate", target="en", script="latn")
    return replace(translated, aside=aside)


def test_a_task_is_asked_again_as_it_was_asked() -> None:
    again = message("again", action="regenerate")
    for aside in (True, False):
        question = next_question(claim([again], [done("q", "x", aside)]))
        assert question.wish == Wish("translate", "en", not aside, "latn")
    arabic = replace(again, script="arab")
    assert next_question(claim([arabic], [done("q", "x")])).wish.script == "arab"


def test_an_edited_task_stays_one_unless_it_becomes_another() -> None:
    turns = [done("q", "x")]
    question = next_question(claim([edit("e1", "q", "better")], turns))
    assert question.wish == Wish("translate", "en")
    changed = replace(edit("e1", "q", "better"), task="explain", keeps=True)
    assert next_question(claim([changed], turns)).wish == Wish("explain", keeps=True)


def test_what_was_stopped_is_the_task_that_it_was() -> None:
    stopped = replace(claim([task("t")]), cancel=True)
    assert next_question(stopped).wish == Wish("translate", "fr")
    assert next_question(replace(stopped, messages=(task("t"), message("a")))).wish == Wish()


def test_the_model_sees_what_it_read_and_wrote_and_no_task() -> None:
    mirrored = replace(turn("labas", "mezyan"), original="مزيان")
    mirrored = replace(mirrored, said=(replace(mirrored.said[0], read="لاباس"),))
    question = next_question(claim([message("now")], [mirrored, done("q", "x")]))
    seen = [one.content for one in to_chat(question, "")]
    assert seen == ["لاباس", "مزيان", "now"]


def test_a_task_is_asked_without_what_was_said_before() -> None:
    assert alone("p", "") == (ChatMessage("user", "p"),)
    assert alone("p", "be kind") == (ChatMessage("system", "be kind"), ChatMessage("user", "p"))
