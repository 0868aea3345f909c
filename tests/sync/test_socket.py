"""The centre's socket: answers leave at once, not when the desk has acknowledged their first half."""

from __future__ import annotations

import asyncio
import socket

from agentdesk.central.serving import _bound


async def test_connections_do_not_wait_for_acknowledgements() -> None:
    seen: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        seen.set_result(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with _bound("127.0.0.1", 0) as bound:
        server = await asyncio.start_server(take, sock=bound)
        _, writer = await asyncio.open_connection(*bound.getsockname())
        assert await seen
        writer.close()
        server.close()
