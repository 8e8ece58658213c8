"""The letters in which a user is answered in Darija."""

from bots.language import guess
from broker.messages import AnswerScript
from broker.preferences import ScriptChoice


def wanted(choice: ScriptChoice, text: str, before: str) -> AnswerScript:
    """The letters for the answer to this message. `before` is the tag of the language that the
    user wrote until now, "" unknown; it decides where the message tells nothing."""
    if choice == "mirror":
        return "latn" if guess(text, before) == "ary-Latn" else ""
    return choice
