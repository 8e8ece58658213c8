"""The doorbell protocol against a model in Python: whatever order things happen in."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    run_state_machine_as_test,
)

from tests.broker.machine import DoorbellMachine
from tests.redis_process import RedisProcess


@pytest.fixture
def machine(redis_server: RedisProcess) -> Iterator[type[DoorbellMachine]]:
    class Machine(DoorbellMachine):
        url = redis_server.url

    yield Machine


def run(machine: type[RuleBasedStateMachine], examples: int, steps: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(900)  # a few seconds of work; a busy machine takes its time
def test_no_order_of_events_breaks_the_protocol(machine: type[DoorbellMachine]) -> None:
    run(machine, examples=100, steps=50)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_order_of_very_many_events_breaks_the_protocol(
    machine: type[DoorbellMachine],
) -> None:
    run(machine, examples=1500, steps=80)
