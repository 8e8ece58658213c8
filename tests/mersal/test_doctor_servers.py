"""`mersal doctor` where other servers compute the model."""

from pathlib import Path

from broker.settings import RemoteSettings, Settings, WorkerSettings
from mersal.doctor.model import check_model
from tests.inference.remote.server import serving


def test_each_server_is_asked(tmp_path: Path) -> None:
    with serving(key="right") as server:
        remote = RemoteSettings(endpoints=f"{server.url},http://127.0.0.1:1/v1", api_key="right")
        worker = WorkerSettings(model="served-elsewhere")
        settings = Settings(state_dir=tmp_path, worker=worker, remote=remote)
        found = list(check_model(settings, None, load=False))
        wrong = remote.model_copy(update={"api_key": None})
        denied = list(check_model(settings.model_copy(update={"remote": wrong}), None, load=False))
    assert [(one.about, one.health) for one in found] == [
        *(("model", "ok"), ("server", "ok"), ("server", "fail"))
    ]
    assert "http://127.0.0.1:1/v1: cannot connect" in found[2].found
    assert "HTTP 401: wrong key" in denied[1].found
