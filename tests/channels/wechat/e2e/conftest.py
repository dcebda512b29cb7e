"""One server for all tests here, with a platform around each of its three accounts."""

import pytest
import pytest_asyncio

from channels.wechat.simulator.address import announced
from tests.support.wechat import OTHER_KEY, account
from tests.support.wechat_site import Site

_MINI = {"kind": "miniprogram", "format": "json"}
ACCOUNTS = {
    "": account(secret="the-secret-of-one", tokens=("tokenOfOne",)),
    "mini": account(
        app_id="wx02", secret="the-secret-of-mini", tokens=("tokenOfMini",), aes_keys=(OTHER_KEY,),
        **_MINI,
    ),
    "sick": account(
        app_id="wx03", secret="the-secret-of-sick", tokens=("tokenOfSick",), aes_keys=(OTHER_KEY,),
        **_MINI,
    ),
}  # fmt: skip


def pytest_collection_modifyitems(items):
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.model)


@pytest_asyncio.fixture(scope="package")
async def whole_site(tmp_path_factory, model):
    async with Site(tmp_path_factory.mktemp("site"), ACCOUNTS) as running:
        yield running


@pytest.fixture
def site(whole_site):
    """The server, which finds the platform of its single account where a simulator would be."""
    for platform in whole_site.platforms.values():
        platform.faults.clear()
        platform.always.clear()
        platform.calls.clear()
    with announced(whole_site.folder, whole_site.platforms[""].base):
        yield whole_site
