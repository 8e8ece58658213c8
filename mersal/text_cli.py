"""The command line of broker/text: each command reads messages from standard input, one a line."""

import sys
from collections.abc import Callable

import typer

text_app = typer.Typer(
    name="text",
    help="Try what Mersal knows about Arabic and Darija text. One message a line, on standard "
    "input.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@text_app.callback()
def text() -> None:
    """Try what Mersal knows about Arabic and Darija text: one message a line."""


@text_app.command()
def detect() -> None:
    """Print language, script and confidence of each message, with tabs between.

    \b
    Languages: ary (Darija), ar (Standard Arabic), fr, en, und (nothing tells).
    Scripts: arab, latn, mixed, none. Confidence: of the language, from 0 to 1.

    \b
    Examples:
      echo "wach kayn tawsil l casa?" | mersal text detect
      mersal text detect < messages.txt | cut -f1 | sort | uniq -c    how people write to you
    """
    from broker.text.detection import detect as detected

    def row(message: str) -> str:
        found = detected(message)
        return f"{found.language}\t{found.script}\t{found.confidence:.2f}"

    each_line(row)


@text_app.command("to-arabic")
def to_arabic() -> None:
    """Write Darija in Latin letters (Arabizi) in Arabic script.

    French and English words, numbers, prices, links, mentions, code and emoji stay as they are.

    \b
    Examples:
      echo "chno smitek? 3ndi 25 3am" | mersal text to-arabic
      mersal text to-arabic < messages.txt | mersal text detect       which of them were Darija
    """
    from broker.text.arabizi import to_arabic as in_arabic

    each_line(in_arabic)


@text_app.command("to-latin")
def to_latin() -> None:
    """Write Arabic script in the Latin letters and digits that Moroccans type (Arabizi).

    \b
    3 is ع, 7 ح, 9 ق, 2 the hamza; ch ش, kh خ, gh غ, ou و. Links, mentions and code stay.
    Arabic leaves short vowels out: a word that the lexicon does not know gets an e where it
    needs one.

    \b
    Examples:
      echo "شنو سميتك؟ عندي ٢٥ عام" | mersal text to-latin
      echo "fin kayn l7anout" | mersal text to-arabic | mersal text to-latin    there and back
    """
    from broker.text.arabizi_latin import to_latin as in_latin

    each_line(in_latin)


def each_line(answer: Callable[[str], str]) -> None:
    """Print the answer to every line of standard input, at once."""
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for line in sys.stdin:
        print(answer(line.rstrip("\r\n")), flush=True)  # noqa: T201 - what the command is for
