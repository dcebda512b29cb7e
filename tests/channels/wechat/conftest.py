"""The platform's API, played, and our client of it."""

import pytest_asyncio

from channels.wechat.client import WeChatClient
from channels.wechat.http import Limits
from tests.support.wechat_api import VAULT, FakeApi

QUICK = Limits(connect_s=1.0, total_s=1.0, file_s=1.0, body_bytes=10_000)


@pytest_asyncio.fixture
async def api():
    async with FakeApi() as running:
        yield running


@pytest_asyncio.fixture
async def client(redis):
    made = WeChatClient(redis, VAULT, QUICK)
    yield made
    await made.close()
