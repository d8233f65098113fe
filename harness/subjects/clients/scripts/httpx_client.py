"""httpx: requests one after the other in one Client, and then nothing, with the Client alive, until killed."""

import argparse
import signal
import sys
import time

import httpx

options = argparse.ArgumentParser(allow_abbrev=False)
options.add_argument("url")
options.add_argument("--requests", type=int, default=1)
options.add_argument("--gap", type=float, default=0, help="seconds from a response to the next request")
options.add_argument("--method", default="GET")
options.add_argument("--idle-timeout", help="seconds or never; absent: httpx's own")
options.add_argument("--last-says-close", action="store_true")
asked = options.parse_args()

limits = {}
if asked.idle_timeout:
    expiry = None if asked.idle_timeout == "never" else float(asked.idle_timeout)
    limits["limits"] = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=expiry)
client = httpx.Client(trust_env=False, **limits)
for number in range(1, asked.requests + 1):
    if number > 1:
        time.sleep(asked.gap)
    last = number == asked.requests and asked.last_says_close
    try:
        client.request(asked.method, asked.url, headers={"Connection": "close"} if last else None)
    except httpx.HTTPError as failed:
        print(failed, file=sys.stderr)
signal.pause()
