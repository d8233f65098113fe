"""requests: one after the other in one Session, and then nothing, with the Session alive, until killed."""

import argparse
import signal
import sys
import time

import requests

options = argparse.ArgumentParser(allow_abbrev=False)
options.add_argument("url")
options.add_argument("--requests", type=int, default=1)
options.add_argument("--gap", type=float, default=0, help="seconds from a response to the next request")
options.add_argument("--method", default="GET")
options.add_argument("--last-says-close", action="store_true")
asked = options.parse_args()

session = requests.Session()
session.trust_env = False  # no proxy, no .netrc
for number in range(1, asked.requests + 1):
    if number > 1:
        time.sleep(asked.gap)
    last = number == asked.requests and asked.last_says_close
    try:
        session.request(asked.method, asked.url, headers={"Connection": "close"} if last else None)
    except requests.RequestException as failed:
        print(failed, file=sys.stderr)
signal.pause()
