"""The safeguards of a worker, as its settings have them."""

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from broker.errors import SettingsError
from broker.settings import Settings
from workers.guard import Guard
from workers.safeguards.chain import Chain
from workers.safeguards.refusing import Refusing, Sides
from workers.safeguards.rulebook import read_rules
from workers.safeguards.rules import Rule, Rules


class Safeguard(Protocol):
    """What MERSAL_SAFEGUARDS__HOOK names: a class of yours, made once a process."""

    def __init__(self, settings: Settings) -> None: ...

    def guard(self) -> Guard:
        """The guard of one more turn; called from many threads."""


def guards_of(settings: Settings) -> Callable[[], Guard]:
    """What makes the guard of each turn: our rules, then the operator's own safeguard, then the
    masks. Raises SettingsError."""
    wanted = settings.safeguards
    makers: list[Callable[[], Guard]] = []
    if wanted.enabled:
        makers.append(_refusing(wanted.rules, wanted.skip))
    if wanted.hook:
        makers.append(_hooked(wanted.hook, settings).guard)
    if wanted.mask != "off":
        makers.append(_masking(settings.worker.system_prompt, wanted.mask == "model"))
    return lambda: Chain([make() for make in makers])


def _refusing(own: str, skip: str) -> Callable[[], Guard]:
    skipped = tuple(name.strip() for name in skip.split(",") if name.strip())
    rules = read_rules(Path(own).expanduser() if own else None, skipped)
    talk, tasks = _sides(rules), _sides([rule for rule in rules if rule.tasks])
    return lambda: Refusing(talk, tasks)


def _sides(rules: Sequence[Rule]) -> Sides:
    return Sides(
        Rules(rule for rule in rules if rule.messages),
        Rules(rule for rule in rules if rule.answers),
    )


def _masking(said_by_operator: str, keeps_original: bool) -> Callable[[], Guard]:
    """Bots do without what it needs: their images are smaller for it (pyproject.toml)."""
    try:
        from workers.safeguards.masking import Masking, Masks
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"MERSAL_SAFEGUARDS__MASK needs the package {error.name}: "
            "install Mersal with its extra [inference], or set it to off"
        ) from None
    masks = Masks(said_by_operator)
    return lambda: Masking(masks, keeps_original)


def _hooked(path: str, settings: Settings) -> Safeguard:
    name = "MERSAL_SAFEGUARDS__HOOK"
    module, _, attribute = path.partition(":")
    try:
        code = import_module(module)
        if not hasattr(code, attribute):
            raise SettingsError(
                f"{name}: {module} has no {attribute!r}; write package.module:Class"
            )
        return cast(type[Safeguard], getattr(code, attribute))(settings)
    except SettingsError:
        raise
    except Exception as error:  # whatever an operator's code may raise
        raise SettingsError(f"{name}: {path}: {type(error).__name__}: {error}") from error
