"""Has a model write what a question wants: an answer to the conversation, or a task's."""

from collections.abc import Iterator
from dataclasses import replace

from broker.messages import Said
from broker.settings import Settings
from inference.cards import ModelCard
from inference.engine import Engine, Sampling
from workers.asking import Asking
from workers.guard import Guard
from workers.letters import into_arabic
from workers.tasks import Window, can, source_of, work
from workers.transcript import Question, alone, to_chat
from workers.wording import Frame, frame_for

# A second answer to the same question must differ from the first, also from a greedy model.
REGENERATE_TEMPERATURE = 0.7
REGENERATE_TOP_P = 0.9


class Writer:
    """Writes with the model of one card; safe from many threads."""

    def __init__(self, card: ModelCard, engine: Engine, settings: Settings) -> None:
        self._card = card
        self._engine = engine
        most = settings.worker.max_new_tokens or card.sampling.max_new_tokens
        least = min(card.sampling.min_new_tokens, most)
        self._sampling = replace(card.sampling, max_new_tokens=most, min_new_tokens=least)
        self._cuts = settings.worker.long_message == "cut"
        self._system_prompt = settings.worker.system_prompt

    def read(self, question: Question, guard: Guard) -> Question:
        """The question in the words that the model will read."""
        return replace(question, said=tuple(self._as_read(one, guard) for one in question.said))

    def can(self, question: Question) -> bool:
        """Whether the model was made for what is wanted."""
        wish = question.wish
        return not wish.task or can(self._card, wish.task, _source(question), wish.target)

    def pieces(self, question: Question, asking: Asking) -> Iterator[str]:
        """What the model writes, as it comes. Raises what `asking` does."""
        if not question.wish.task:
            chat = to_chat(question, self._system_prompt)
            return asking.pieces(chat, self._sampling_for(question), self._cuts)
        if question.wish.task == "translate" and _source(question) == question.wish.target:
            return iter((_text(question),))
        return self._work(question, asking)

    def remembered(self, question: Question) -> Question:
        """As the history keeps it: a task that the model is to remember with the words that asked
        for it, for its answer answers them."""
        if not (question.wish.task and question.wish.keeps and self.can(question)):
            return question
        frame = self._frame(question)
        said = (replace(one, read=frame.around(one.read or one.text)) for one in question.said)
        return replace(question, said=tuple(said))

    def _as_read(self, said: Said, guard: Guard) -> Said:
        kept, read = guard.kept(said.text), guard.masked(said.text)
        if self._card.arabizi == "convert":
            read = into_arabic(read)
        return replace(said, text=kept, read=read if read != kept else "")

    def _work(self, question: Question, asking: Asking) -> Iterator[str]:
        """A task, done apart from the conversation."""
        sampling = self._sampling_for(question)
        text = "\n".join(one.read or one.text for one in question.said)

        def ask(prompt: str, cuts: bool, shown: bool = True) -> Iterator[str]:
            return asking.pieces(alone(prompt, self._system_prompt), sampling, cuts, shown)

        # Another server's window may become known later.
        window = Window(self._engine.context_tokens, sampling.max_new_tokens)
        return work(question.wish.task, text, self._frame(question), window, ask)

    def _frame(self, question: Question) -> Frame:
        wish = question.wish
        return frame_for(self._card, wish.task, _source(question), wish.target)

    def _sampling_for(self, question: Question) -> Sampling:
        """A task is done the surest way, the first time."""
        usual = replace(self._sampling, temperature=0.0) if question.wish.task else self._sampling
        if not question.regenerates or question.edited or usual.temperature > 0:
            return usual
        return replace(usual, temperature=REGENERATE_TEMPERATURE, top_p=REGENERATE_TOP_P)


def _source(question: Question) -> str:
    """The language to translate from, "" when it cannot be told; of other tasks too."""
    return source_of(_text(question))


def _text(question: Question) -> str:
    return "\n".join(one.text for one in question.said)
