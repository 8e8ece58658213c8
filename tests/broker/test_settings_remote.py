"""The settings of other servers."""

import pytest
from pydantic import ValidationError

from broker.settings import RemoteSettings


def test_addresses_stand_between_commas() -> None:
    assert (
        RemoteSettings(endpoints=" http://a/v1 ,https://b:1 ,").endpoints
        == "http://a/v1,https://b:1"
    )
    assert RemoteSettings(endpoints="").endpoints == ""


@pytest.mark.parametrize("url", ["gpu1:8000", "ftp://gpu1", "http://ok,gpu2", "http://key@a/v1"])
def test_what_is_no_address_or_holds_a_key_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="should look like http://host:8000/v1"):
        RemoteSettings(endpoints=url)


@pytest.mark.parametrize("extra", ["[1]", "{", "priority=1"])
def test_further_fields_are_a_json_object(extra: str) -> None:
    with pytest.raises(ValidationError, match="JSON object"):
        RemoteSettings(extra=extra)
