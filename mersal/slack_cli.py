"""The command line of Slack's admins: `mersal slack manifest`."""

from typing import Annotated

import typer

slack_app = typer.Typer(
    name="slack",
    help="What an admin of Slack needs.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@slack_app.callback()
def slack() -> None:
    """What an admin of Slack needs."""


@slack_app.command()
def manifest(
    url: Annotated[
        str, typer.Option(help="Your public https:// address; --http and --oauth need it.")
    ] = "",
    http: Annotated[
        bool, typer.Option("--http", help="Events by HTTP; default: Socket Mode.")
    ] = False,
    oauth: Annotated[bool, typer.Option("--oauth", help="For several workspaces.")] = False,
) -> None:
    """Print the manifest of the Slack app.

    Make the app from it at https://api.slack.com/apps (Create New App, From a manifest).

    \b
    Examples:
      mersal slack manifest                                   Socket Mode, one workspace
      mersal slack manifest --http --url https://example.org  events by HTTP
    """
    from bots.slack.manifest import manifest_text

    typer.echo(manifest_text(url, http, oauth))
