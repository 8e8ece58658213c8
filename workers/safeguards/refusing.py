"""Refusing by rules: a question before its answer, an answer while it is written."""

import re
from dataclasses import dataclass

from workers.guard import Unguarded
from workers.safeguards.rules import Rules
from workers.transcript import Question

_SENTENCE_END = re.compile(r"[.!?؟…](?=\s|\Z)|\n")
_BLANK = re.compile(r"\s")
# An exception may stand anywhere in a sentence; of one without end so many words are looked at, and
# no more are held back.
_SENTENCE_WORDS = 40


@dataclass(frozen=True, slots=True)
class Sides:
    """The rules for what users write, and those for what models answer."""

    messages: Rules
    answers: Rules


class Refusing(Unguarded):
    """The rules' guard over one turn.

    A finished word is let through at once, unless the subject of a rule stands so near that the
    words to come may break it; or it is broken, and they may have the exception.
    """

    def __init__(self, talk: Sides, tasks: Sides) -> None:
        self._talk = talk
        self._tasks = tasks
        self._answers = talk.answers
        self.refusal = ""
        self._sentence = ""  # what was let through of it
        self._held = ""

    def before(self, question: Question) -> str:
        sides = self._tasks if question.wish.task else self._talk
        self._answers = sides.answers
        return sides.messages.broken_by("\n".join(one.text for one in question.said))

    def feed(self, piece: str) -> str:
        if self.refusal:
            return ""
        self._held += piece
        if not _BLANK.search(piece):
            return ""
        whole = max(blank.start() for blank in _BLANK.finditer(self._held))
        return self._let_through(whole, ended=False)

    def end(self) -> str:
        return "" if self.refusal else self._let_through(len(self._held), ended=True)

    def _let_through(self, whole: int, ended: bool) -> str:
        """As much as may be shown of what is held, of which `whole` characters are whole words."""
        rules, text = self._answers, self._sentence + self._held[:whole]
        new_words = len(self._held[:whole].split())
        if rules.touched_by(_last_words(text, new_words + rules.longest)):
            waits = not ended and new_words <= _SENTENCE_WORDS
            last = _last_sentence(text)
            done = text.removesuffix(last) if waits else text
            self.refusal = rules.broken_by(done) or rules.broken_by(last, surely=True)
            near = _last_words(last, rules.near)
            open_yet = waits and (rules.touched_by(near) or bool(rules.broken_by(last)))
            if self.refusal or open_yet:
                return ""
        shown, self._held = self._held[:whole], self._held[whole:]
        self._sentence = _last_words(_last_sentence(text), _SENTENCE_WORDS)
        return shown


def _last_sentence(text: str) -> str:
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return text[ends[-1] :] if ends else text


def _last_words(text: str, words: int) -> str:
    """The end of a text, so many words long, their blanks as they are."""
    parts = re.findall(r"\S+\s*", text)
    return text if len(parts) <= words else "".join(parts[-words:])
