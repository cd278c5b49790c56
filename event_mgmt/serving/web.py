"""gunicorn, which keeps the web processes alive, with everything that is set about it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Flask
from gunicorn.app.base import BaseApplication

from event_mgmt.serving import framing
from event_mgmt.serving.handover import Channels
from event_mgmt.serving.web_worker import WebWorker
from event_mgmt.settings import Settings

REQUEST_SECONDS: Final = 30
"""How long a request may take when the system is stopped."""

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - gunicorn makes an unnamed file in it


class Web(BaseApplication):
    """gunicorn with the application that is already there, on a socket that is already bound."""

    def __init__(self, app: Flask, listener: int, channels: Channels) -> None:
        settings: Settings = app.extensions["settings"]
        self._app = app
        self._listener = listener
        self._settings = settings
        self.channels = channels
        self.spool_folder = settings.instance
        self.proxy_hops = settings.proxy_hops
        self.most_body: int = app.config["LARGEST_BODY"]
        super().__init__()

    def load_config(self) -> None:
        """All settings; see the gunicorn manual for each."""
        options: dict[str, object] = {
            "bind": f"fd://{self._listener}",
            "workers": self._settings.web_processes,
            "worker_class": WebWorker,
            "preload_app": True,
            "timeout": 60,
            "graceful_timeout": REQUEST_SECONDS,
            "limit_request_line": framing.LINE_LIMIT,
            "limit_request_fields": framing.FIELDS_LIMIT,
            "limit_request_field_size": framing.FIELD_SIZE_LIMIT,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "error",  # its warnings repeat what strangers sent, with their address
            "control_socket_disable": True,
            "worker_tmp_dir": str(_MEMORY) if _MEMORY.is_dir() else None,
            "forwarded_allow_ips": "",
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """What gunicorn serves: the application from before the fork, loaded but once."""
        return self._app
