"""What the parts of `mersal up` are told."""

from pathlib import Path

from broker.settings import RemoteSettings, Settings, WorkerSettings
from mersal.parts import worker_part


def test_the_worker_is_told_what_the_command_line_said(tmp_path: Path) -> None:
    settings = Settings(
        state_dir=tmp_path,
        worker=WorkerSettings(model="mine", quantization="4bit"),
        remote=RemoteSettings(endpoints="http://gpu:8000/v1"),
    )
    told = worker_part(settings).program.environment
    assert told["MERSAL_WORKER__MODEL"] == "mine"
    assert told["MERSAL_WORKER__QUANTIZATION"] == "4bit"
    assert told["MERSAL_REMOTE__ENDPOINTS"] == "http://gpu:8000/v1"
