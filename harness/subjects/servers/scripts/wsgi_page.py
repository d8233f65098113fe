"""A WSGI application for gunicorn: page.html at every path."""

import pathlib

page = pathlib.Path(__file__).with_name("page.html").read_bytes()


def application(environment, start_response):
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(page)))])
    return [b"" if environment["REQUEST_METHOD"] == "HEAD" else page]
