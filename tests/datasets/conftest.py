"""A web server on this machine that can be told to fail."""

import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class _Handler(BaseHTTPRequestHandler):
    """Answers each request as the first plan in the queue says, and later ones as the last."""

    def do_GET(self):
        site = self.server.site
        site.n_requests += 1
        plan = site.plans.popleft() if len(site.plans) > 1 else site.plans[0]
        if isinstance(plan, int):
            self.send_error(plan)
            return
        self.send_response(200)
        if plan != "whole, length unknown":
            self.send_header("Content-Length", str(len(site.content)))
        self.end_headers()
        half = len(site.content) // 2
        self.wfile.write(site.content[:half] if plan == "half" else site.content)

    def log_message(self, format, *args):
        """Keep the test output clean."""


class Site:
    """What the server serves, how, and how often it was asked.

    `plans` holds "whole", "whole, length unknown", "half" or a status code, one for each request.
    """

    def __init__(self):
        self.content = b""
        self.plans = deque(["whole"])
        self.n_requests = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.site = self
        self.url = f"http://127.0.0.1:{self._server.server_port}/archive"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def plan(self, *plans):
        self.plans = deque(plans)

    def close(self):
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    site = Site()
    yield site
    site.close()


@pytest.fixture
def data_home(tmp_path, monkeypatch):
    """A folder that does not exist yet, and is the default."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SKDEEPNLP_DATA", str(folder))
    return folder
