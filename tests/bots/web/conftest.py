from collections.abc import AsyncIterator, Iterator

import pytest

from broker.settings import Settings, WebSettings
from tests.bots.hand import Hand, open_hand
from tests.bots.web.site import serving


@pytest.fixture
def web_settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"web": WebSettings(port=0)})


@pytest.fixture
async def url(web_settings: Settings) -> AsyncIterator[str]:
    async with serving(web_settings) as address:
        yield address


@pytest.fixture
def hand(settings: Settings) -> Iterator[Hand]:
    with open_hand(settings) as moved:
        yield moved
