"""The files of docker/: nothing here needs an engine, so all of it is checked everywhere."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, cast

import pytest
import typer
import yaml
from click import Command, Group

from broker.settings import all_names
from mersal.cli import app

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"
DOCKERFILES = sorted(DOCKER.glob("*.Dockerfile"))
COMPOSE_FILES = sorted(DOCKER.glob("compose*.yaml"))
EXAMPLE = DOCKER / ".env.example"
# What our parts run in, and what Redis does without: a health check that its image brings.
OURS = re.compile(r"mersal-(bots|worker-cpu|worker-gpu)")


def services() -> list[tuple[str, dict[str, Any]]]:
    """Every service of every compose file, named by both."""
    found = []
    for file in COMPOSE_FILES:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        found += [(f"{file.name} {name}", one) for name, one in content["services"].items()]
    return found


def each(found: list[tuple[str, dict[str, Any]]]) -> pytest.MarkDecorator:
    """A test for each of these services."""
    names = [name for name, _ in found]
    return pytest.mark.parametrize("service", [one for _, one in found], ids=names)


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: cast(Path, file).name)
def test_the_linter_has_nothing_to_say(file: Path) -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    linted = subprocess.run([hadolint, file], capture_output=True, text=True, check=False)
    assert (linted.returncode, linted.stdout) == (0, "")


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: cast(Path, file).name)
def test_an_image_runs_without_root_and_shows_its_health(file: Path) -> None:
    *_, last = file.read_text(encoding="utf-8").split("\nFROM ")
    users = re.findall(r"^USER (\d+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    assert users and users[-1] == "10001"
    assert "USER 0" not in last.rpartition("USER 10001")[2]
    assert "HEALTHCHECK" in file.read_text(encoding="utf-8")
    assert not re.search(r"^FROM \S+:latest", file.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: cast(Path, file).name)
def test_an_image_gets_every_package_and_its_context_nothing_else(file: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = {
        name.rstrip("*") for name in project["tool"]["setuptools"]["packages"]["find"]["include"]
    }
    copied = re.findall(r"^COPY (\w+) \1$", file.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(copied) == packages
    ignored = file.with_name(file.name + ".dockerignore").read_text(encoding="utf-8").split()
    assert ignored[0] == "*", "nothing is sent but what is named"
    assert packages <= {line[1:] for line in ignored if line.startswith("!")}


def test_every_setting_that_is_named_exists() -> None:
    known = {name for name, *_ in all_names()}
    for file in (*DOCKERFILES, *COMPOSE_FILES, EXAMPLE, DOCKER / "README.md"):
        named = set(re.findall(r"MERSAL_\w+", file.read_text(encoding="utf-8")))
        assert named <= known, f"{file.name}: {named - known}"


@each([(name, one) for name, one in services() if OURS.fullmatch(one["image"])])
def test_the_command_line_understands_every_command(service: dict[str, Any]) -> None:
    group = cast(Group, typer.main.get_command(app))
    name, *arguments = service["command"]
    command: Command = group.commands[name]
    context = command.make_context(name, list(arguments))  # raises UsageError
    assert str(context.params["life_file"]) == "/tmp/mersal.life", "where the image looks for it"


@each(services())
def test_a_service_is_shut_in_and_comes_back(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert service["logging"]["options"]["max-size"]
    if not OURS.fullmatch(service["image"]):
        assert "healthcheck" in service and "user" in service
        assert re.search(r":\d+\.\d+", service["image"]), "of a version"


def test_no_secret_has_a_default() -> None:
    for file in COMPOSE_FILES:
        text = file.read_text(encoding="utf-8")
        for inside in re.findall(r"\$\{(\w*PASSWORD\w*|REDIS_URL)([^}]*)\}", text):
            assert inside[1].startswith(":?"), f"{file.name}: {inside[0]}"
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        assert not re.match(r"\w*(PASSWORD|TOKEN)=.", line), line


def test_every_variable_that_compose_asks_for_is_explained() -> None:
    example = EXAMPLE.read_text(encoding="utf-8")
    for file in COMPOSE_FILES:
        for name in re.findall(r"\$\{(\w+)", file.read_text(encoding="utf-8")):
            assert re.search(rf"^#?{name}=", example, re.MULTILINE), name


def test_redis_keeps_everything() -> None:
    lines = (DOCKER / "redis.conf").read_text(encoding="utf-8").splitlines()
    assert {"appendonly yes", "appendfsync always", "maxmemory-policy noeviction"} <= set(lines)
