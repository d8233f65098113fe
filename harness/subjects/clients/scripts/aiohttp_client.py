"""aiohttp: requests one after the other in one ClientSession, and then nothing, its loop running, until killed."""

import argparse
import asyncio
import sys

import aiohttp

options = argparse.ArgumentParser(allow_abbrev=False)
options.add_argument("url")
options.add_argument("--requests", type=int, default=1)
options.add_argument("--gap", type=float, default=0, help="seconds from a response to the next request")
options.add_argument("--method", default="GET")
options.add_argument("--idle-timeout", type=float, help="seconds; absent: aiohttp's own")
options.add_argument("--last-says-close", action="store_true")
asked = options.parse_args()


async def main():
    limit = {} if asked.idle_timeout is None else {"keepalive_timeout": asked.idle_timeout}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(**limit)) as session:
        for number in range(1, asked.requests + 1):
            if number > 1:
                await asyncio.sleep(asked.gap)
            last = number == asked.requests and asked.last_says_close
            try:
                async with session.request(
                    asked.method, asked.url, headers={"Connection": "close"} if last else None
                ) as response:
                    await response.read()
            except aiohttp.ClientError as failed:
                print(failed, file=sys.stderr)
        await asyncio.Event().wait()


asyncio.run(main())
