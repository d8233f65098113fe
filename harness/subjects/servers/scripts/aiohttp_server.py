"""python3 server.py --port 8080 [--keepalive-timeout SECONDS]

Serves page.html at every path. Whatever is not told stays aiohttp's own default.
"""

import argparse
import pathlib

from aiohttp import web

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int, required=True)
arguments.add_argument("--keepalive-timeout", type=float)
told = arguments.parse_args()
page = pathlib.Path(__file__).with_name("page.html").read_text()


async def answer(_request):
    return web.Response(text=page, content_type="text/html")


application = web.Application()
application.router.add_route("*", "/{path:.*}", answer)
settings = {} if told.keepalive_timeout is None else {"keepalive_timeout": told.keepalive_timeout}
web.run_app(application, host="0.0.0.0", port=told.port, print=None, access_log=None, **settings)
