"""The report: every check, one line each."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from broker.settings import Settings
from mersal.doctor.finding import Finding, Health
from mersal.doctor.machine import check_machine
from mersal.doctor.model import check_model
from mersal.doctor.redis import check_redis
from mersal.doctor.tokens import check_tokens
from mersal.state_dir import find_running

COLOURS: dict[Health, str] = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def all_findings(settings: Settings, load: bool = False) -> Iterator[Finding]:
    """Everything that can be checked; `load`: the loading of the model too."""
    running = find_running(settings.state_dir)
    yield from check_machine(settings, running)
    yield from check_redis(settings, running)
    yield from check_model(settings, running, load)
    yield from check_tokens(settings)


def print_report(findings: Iterator[Finding]) -> bool:
    """Print findings as they come; whether nothing failed."""
    console = Console(highlight=False)
    well = True
    for finding in findings:
        well = well and finding.health != "fail"
        mark = (f"{finding.health:<5}", COLOURS[finding.health])
        line = Text.assemble(mark, f"{finding.about:<17}", finding.found)
        console.print(line, soft_wrap=True)
        if finding.advice:
            console.print(Text(f"{'':<22}→ {finding.advice}"), soft_wrap=True)
    return well
