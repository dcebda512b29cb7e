"""The same message many times at once over several workers; many workers without a token."""

import asyncio
from typing import Any, Dict

from benchmarks.wechat_load.bots import OurWebhook, account
from channels.wechat.http import Http, Limits
from channels.wechat.simulator.messages import text
from channels.wechat.simulator.world import World
from channels.wechat.token import Tokens
from core.cache import RedisServer, connect
from core.settings import Settings
from core.vault import Vault, make_keys


async def repeats(api_base: str, world: World, count: int = 50, workers: int = 4) -> Dict[str, Any]:
    """How often one message, sent so often at once, was answered by a mini program's server."""
    with OurWebhook(api_base, "miniprogram", workers) as ours:
        world.kind = "miniprogram"
        world.heard("somebody")
        push = ours.platform.push("somebody", text("羅湖口岸幾點閂門"))
        before = len(world.sent)
        answers = await asyncio.gather(*(ours.platform.post(push) for _ in range(count)))
        await asyncio.sleep(2)
        return {
            "200s": sum(answer.status == 200 for answer in answers),
            "sent": len(world.sent) - before,
        }


async def cold_workers(api_base: str, folder: Any, count: int = 64) -> int:
    """How many tokens so many workers with connections of their own ask for together.

    Returns:
        How many different tokens they got; what was asked for is counted by the platform.
    """
    keys = make_keys()
    with RedisServer(Settings(data_dir=folder)) as server:
        clients = [connect(server.url) for _ in range(count)]
        https = [Http(Limits()) for _ in clients]
        tokens = [Tokens(c, Vault(keys, "f" * 32), http) for c, http in zip(clients, https)]
        one = account(api_base)
        got = await asyncio.gather(*(worker.get(one) for worker in tokens))
        for client, http in zip(clients, https):
            await http.close()
            await client.close()
            await client.connection_pool.disconnect()
    return len(set(got))
