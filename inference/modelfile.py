"""Modelfiles for Ollama, of models with Gemma's format.

The one that Atlas-Chat's makers published opens the answer with `assistant`, which the model has
never seen there, and writes a <bos> to which Ollama adds another.
"""

from inference.cards import ModelCard
from inference.engine import Sampling
from inference.errors import InvalidRequest

# A template of Go's text/template, as Ollama runs it: `.System` holds the system texts, which
# stand among `.Messages` too. Ollama writes <bos> by itself. The last newline is written so that
# nobody trims it off.
GEMMA_TEMPLATE = """\
{{- $system := .System }}
{{- range .Messages }}
{{- if eq .Role "user" }}<start_of_turn>user
{{ if $system }}{{ $system }}

{{ $system = "" }}{{ end }}{{ .Content }}<end_of_turn>
{{ else if eq .Role "assistant" }}<start_of_turn>model
{{ .Content }}<end_of_turn>
{{ end }}
{{- end }}<start_of_turn>model{{ "\\n" }}"""


def modelfile(card: ModelCard) -> str:
    """What `ollama create` makes the model of, with the card's settings.

    Raises InvalidRequest for a model of another format.
    """
    if card.prompt_format != "gemma" or not card.source:
        raise InvalidRequest(
            f"there is no Modelfile for {card.id!r}: only models with Gemma's format have one"
        )
    origin = str(card.folder) if card.folder else f"./{card.hub.rsplit('/', 1)[1]}"
    head = [f"# {card.name} for Ollama: ollama create {card.id} -f Modelfile"]
    if not card.folder:
        head.append(f"# First fetch it: hf download {card.hub} --local-dir {origin}")
    head.append("# Smaller: ollama create with --quantize q8_0 or q4_K_M")
    parameters = [f"PARAMETER {name} {value}" for name, value in _parameters(card)]
    return "\n".join([*head, f"FROM {origin}", f'TEMPLATE """{GEMMA_TEMPLATE}"""', *parameters])


def _parameters(card: ModelCard) -> list[tuple[str, object]]:
    """All of them, because Ollama's own defaults are others, and its API of OpenAI's kind sets
    neither top_k nor repeat_penalty."""
    sampling: Sampling = card.sampling
    stops = dict.fromkeys(("<end_of_turn>", *sampling.stop))
    return [
        *([("num_ctx", card.context_tokens)] if card.context_tokens else []),
        ("num_predict", sampling.max_new_tokens),
        ("temperature", sampling.temperature),
        ("top_p", sampling.top_p),
        ("top_k", sampling.top_k),
        ("repeat_penalty", sampling.repetition_penalty),
        *(("stop", f'"{stop}"') for stop in stops),
    ]
