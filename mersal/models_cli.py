"""`mersal models` and `mersal prompt`: the catalog, and what a model is sent."""

import sys
from typing import Annotated

import typer

from broker.settings import Settings, read_settings


def known_by_id(settings: Settings) -> Settings:
    """The settings with the selected model's id in place of another name that it has: queues and
    conversations know it by that. What no catalog knows stays: who needs the model says so."""
    from inference.catalog import find
    from inference.errors import BadCard, ModelNotFound

    try:
        card = find(settings.worker.model, settings.own_models)
    except (ModelNotFound, BadCard):
        return settings
    worker = settings.worker.model_copy(update={"model": card.id})
    return settings.model_copy(update={"worker": worker})


def models(
    model: Annotated[
        str | None, typer.Argument(help="Show this one in full: an id, an alias or a hub id.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Every figure, as JSON.")] = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The table of docs/models.md.")
    ] = False,
    ollama: Annotated[
        bool, typer.Option("--modelfile", help="The Modelfile of one model, for Ollama.")
    ] = False,
) -> None:
    """List the models and what fits here, or show one in full.

    Models of your own come from the file models.toml in the state directory; see docs/models.md.

    \b
    Examples:
      mersal models                   the table
      mersal models atlas-chat-9b     licence, memory, uses and quirks of one
      mersal models --json            for programs
      mersal models atlas-chat-9b --modelfile > Modelfile
    """
    from inference.catalog import all_models, find
    from inference.machine import spare_memory
    from inference.modelfile import modelfile
    from mersal import models_page

    own = read_settings().own_models
    if markdown:
        typer.echo(models_page.models_markdown(all_models()))
        return
    if ollama and not model:
        raise typer.BadParameter("--modelfile is for one model: mersal models ID --modelfile")
    cards = (find(model, own),) if model else all_models(own)
    if ollama:
        typer.echo(modelfile(cards[0]))
        return
    memory = spare_memory()
    if as_json:
        typer.echo(models_page.models_json(cards, memory))
    elif model:
        typer.echo(models_page.model_page(cards[0], memory))
    else:
        typer.echo(models_page.models_table(cards, memory))


def prompt(
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="Model id (`mersal models`) or a folder.")
    ] = None,
) -> None:
    """Print what a model is sent for a conversation.

    The conversation comes on standard input, as JSON: [{"role": "user", "content": "سلام"}]. An
    optional system message, then user and assistant in turns, ending with the user's.

    The string is exact and nothing is loaded. No newline follows, except on a terminal. What a
    message holds of the format's own marks is parted by a space, as always; how much of a long
    conversation fits the model's window only the tokenizer knows, so here all of it is written.

    \b
    Examples:
      mersal prompt --model allam-2-7b-instruct < messages.json
    """
    from inference.catalog import find
    from inference.messages import read_messages
    from inference.written import write_prompt

    settings = read_settings()
    card = find(model or settings.worker.model, settings.own_models)
    text = write_prompt(card, read_messages(sys.stdin.buffer.read()))
    typer.echo(text, nl=sys.stdout.isatty())
