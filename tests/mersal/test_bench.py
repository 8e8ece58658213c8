"""The benchmark measures, with tiny numbers, what it says; times are nobody's business here."""

import asyncio
from pathlib import Path

import pytest

from mersal.bench import waiting
from mersal.bench.order import TEXT_CHARS, Order
from mersal.bench.page import NoMarkers, markers, refresh
from mersal.bench.path import Results, run
from mersal.bench.peer import Phase
from mersal.bench.peers import PeerMissing
from mersal.bench.round import Plan
from mersal.bench.stops import ANSWER_MS
from mersal.bench.streams_peer import StreamsPeer
from mersal.bench.table import tables, to_markdown
from mersal.bench.timesheet import Timesheet


@pytest.fixture(scope="module")
def results() -> Results:
    plan = Plan(messages=40, rate=100, seconds=0.2, stops=6, idle=(600, 1200))
    return run(plan, ["mersal", "celery"], ["everysec"], 1)


def test_every_peer_has_a_complete_row(results: Results) -> None:
    mersal, celery = results.rows
    assert (mersal.peer, celery.peer) == ("mersal", "celery")
    assert set(celery.rates) == {"send_one", "send_many", "drain"}
    assert set(celery.times) == {"paced_send", "paced_start"}
    assert set(mersal.rates) == {*celery.rates, "few", "deltas"}
    stretches = {"send", "start", "deliver", "added"}
    paced = {f"{phase}_{s}" for phase in ("paced", "slow") for s in stretches}
    assert set(mersal.times) == {*paced, "stop"}
    assert set(mersal.cpu_ms) == {"drain", "paced", "few", "slow"}
    for row in results.rows:
        assert all(rate > 0 for rate in row.rates.values())
        assert all(0 < times.p50 <= times.p99 for times in row.times.values())


def test_the_tables_compare_with_the_peers_that_ran(results: Results) -> None:
    beside, own, idle = tables(results)
    assert [cells[0] for cells in beside.rows] == ["Mersal", "Celery"]
    assert "× celery" in beside.head and "× taskiq" not in beside.head
    assert all(len(cells) == len(beside.head) for cells in beside.rows)
    assert own.head == ("", "everysec")
    assert all(len(cells) == len(idle.head) for cells in idle.rows)
    for aim in ("× celery, aim 8", "to stop, 99 of 100, aim < 200", "beside its text, aim < 2,048"):
        assert aim in to_markdown(results)


def test_stopped_answers_end_long_before_they_would_by_themselves(results: Results) -> None:
    mersal, _ = results.rows
    assert mersal.times["stop"].p99 < ANSWER_MS / 2


def test_idle_conversations_are_there_and_cost_memory(results: Results) -> None:
    few, many = results.idle
    assert (few.conversations, many.conversations) == (600, 1200)
    for one in results.idle:
        assert 200 < one.bytes_each - one.text_bytes < 20_000
        assert 0 < one.sweep.p50 <= one.sweep.p99
    assert many.bytes_each == pytest.approx(few.bytes_each, rel=0.5), "a copy costs as much"


def test_an_order_survives_the_way_through_a_queue() -> None:
    text = Order(17, delay_ms=50).to_text()
    assert len(text) == TEXT_CHARS
    assert Order.from_text(text) == Order(17, delay_ms=50)


async def test_a_queue_that_stops_handing_over_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "STALLED_S", 0.1)
    monkeypatch.setattr(waiting, "COUNT_EVERY_S", 0.01)
    sheet = Timesheet.create(tmp_path / "sheet", 2)
    sheet.stamp(1)
    phase = Phase("drain", range(2), 2)
    with pytest.raises(waiting.MessagesLost, match="1 of 2"):
        await waiting.wait_until_done(StreamsPeer(""), phase, sheet, lambda: None)
    sheet.close()


async def test_a_worker_that_still_starts_is_given_more_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "STALLED_S", 0.05)
    monkeypatch.setattr(waiting, "COUNT_EVERY_S", 0.01)
    sheet = Timesheet.create(tmp_path / "sheet", 1)
    asyncio.get_running_loop().call_later(0.3, sheet.stamp, 0)
    await waiting.wait_until_done(StreamsPeer(""), Phase("warm", range(1), 1), sheet, lambda: None)
    sheet.close()


def test_an_unknown_peer_is_named_before_anything_runs() -> None:
    with pytest.raises(PeerMissing, match="rabbit"):
        run(Plan(40, 100, 0.2), ["mersal", "rabbit"], ["everysec"], 1)


def test_figures_replace_what_stood_between_the_markers(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    begin, end = markers("path")
    page.write_text(f"before\n{begin}\nold\n{end}\nafter\n", encoding="utf-8")
    refresh(page, "path", "new")
    assert page.read_text(encoding="utf-8") == f"before\n{begin}\n\nnew\n{end}\nafter\n"


def test_a_page_without_markers_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("text", encoding="utf-8")
    with pytest.raises(NoMarkers):
        refresh(page, "path", "new")
    assert page.read_text(encoding="utf-8") == "text"
