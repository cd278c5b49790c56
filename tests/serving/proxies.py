"""A real Caddy or nginx with the deploy files of this repository, adapted only to the loopback."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.serving.guests import Guest, NoAnswer
from tests.serving.processes import ROOT, free_port, until

NAME = "events.example.org"
SITE = f"http://{NAME}"
"""The site's base address, to be told to the system behind the proxy."""

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


@dataclass(frozen=True)
class Proxy:
    """Where it answers, and the name that it answers to."""

    port: int
    address: str = "127.0.0.1"
    host: str = NAME

    def guest(self, *, patience: float = 30) -> Guest:
        """A browser that is led to it."""
        return Guest(self.port, self.address, patience, {"Host": self.host})


def _caddy(text: str, folder: Path, port: int, behind: int) -> list[str]:
    text = _replaced(text, r"^\{\n", "{\n\tadmin off\n")
    text = _replaced(text, rf"^{NAME} \{{", f"http://{NAME}:{port} {{\n\tbind 127.0.0.1")
    text = _replaced(text, r"reverse_proxy (\S+:5000 ?)+", f"reverse_proxy 127.0.0.1:{behind} ")
    if _version_of_caddy() < (2, 7) and "request_buffers 256KB\n\t}" in text:
        old = "buffer_requests\n\t\tmax_buffer_size 256KB"  # as deploy/caddy/Caddyfile says
        text = _replaced(text, r"request_buffers 256KB$", old)
    file = folder / "Caddyfile"
    file.write_text(text)
    return ["caddy", "run", "--config", str(file), "--adapter", "caddyfile"]


def _version_of_caddy() -> tuple[int, ...]:
    done = subprocess.run(["caddy", "version"], capture_output=True, text=True, check=True)
    found = re.search(r"(\d+)\.(\d+)", done.stdout)
    return tuple(map(int, found.groups())) if found else (99,)


def _nginx(text: str, folder: Path, port: int, behind: int) -> list[str]:
    text = _replaced(text, r"server 10\.0\.0\.11:5000", f"server 127.0.0.1:{behind}")
    text = _replaced(text, r"^ *server 10\.0\.0\.12:5000.*\n", "")
    head, tail = text.split("server {", 1)[0], text.rsplit("server {", 1)[1]
    text = f"{head}server {{{tail}"  # without the servers that lead to TLS
    text = _replaced(text, r"listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    text = _replaced(text, r"^ *(listen \[::\]:443|ssl_).*\n", "")
    text = _replaced(text, r"/var/log/nginx", str(folder))
    (folder / "events.conf").write_text(text)
    kept = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = (
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;"
        f" {'user root;' if os.getuid() == 0 else ''} events {{ worker_connections 1024; }}"
        f" http {{ {kept} include {folder}/events.conf; }}"
    )
    file = folder / "nginx.conf"
    file.write_text(whole)
    return ["nginx", "-p", str(folder), "-c", str(file), "-e", str(folder / "error.log")]


KINDS = {
    "deploy/caddy/Caddyfile": _caddy,
    "deploy/container/Caddyfile": _caddy,
    "deploy/nginx/events.conf": _nginx,
}


def _replaced(text: str, pattern: str, by: str) -> str:
    new, count = re.subn(pattern, lambda _found: by, text, flags=re.MULTILINE)
    assert count, f"the deploy file has no {pattern} any more"
    return new


def _without_buffer(text: str) -> str:
    return _replaced(text, r"^\t*(buffer_requests|max_buffer_size .*)\n", "")


@contextmanager
def proxy(kind: str, folder: Path, *, behind: int, streams: bool = False) -> Iterator[Proxy]:
    """The proxy of this deploy file before the port ``behind``; skipped where it is not installed.

    With ``streams`` Caddy passes bodies on as they come, as it does without the two lines.
    """
    make = KINDS[kind]
    program = shutil.which(make.__name__.strip("_"), path=_PATH)
    if program is None:
        pytest.skip(f"{make.__name__.strip('_')} is not installed")
    folder.mkdir()
    port = free_port()
    text = (ROOT / kind).read_text()
    if streams:
        text = _without_buffer(text)
    _name, *words = make(text, folder, port, behind)
    environ = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [program, *words], stdout=log, stderr=subprocess.STDOUT, env=environ
        )
    there = Proxy(port)
    try:
        until(lambda: process.poll() is not None or _answers(there), f"see {folder}/log")
        assert process.poll() is None, (folder / "log").read_text()[-2000:]
        yield there
    finally:
        process.terminate()
        process.wait(20)


def _answers(there: Proxy) -> bool:
    try:
        return there.guest(patience=2).get("/health").status == 200
    except NoAnswer:
        return False
