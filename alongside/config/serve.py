"""`alongside serve`: gunicorn with sync workers (docs/decisions says what was measured)."""

import argparse
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.urls import get_resolver
from gunicorn.app.base import BaseApplication

from alongside.config import startup

LOGIN = "alongside_web"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    here = settings.ENVIRONMENT
    parser.add_argument("--host", default=here.host, help="address to answer on (HOST, %(default)s)")
    parser.add_argument("--port", type=int, default=here.port, help="port to answer on (PORT, %(default)s)")
    parser.add_argument(
        "--processes", type=int, default=here.web_processes, help="web processes (WEB_PROCESSES, %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    startup.refuse_what_is_unsafe(settings.ENVIRONMENT, login=LOGIN)
    Server(
        {
            "bind": f"{args.host}:{args.port}",
            "workers": args.processes,
            "preload_app": True,
            "timeout": 30,
            "graceful_timeout": 20,
            "keepalive": 5,
            "max_requests": 10_000,
            "max_requests_jitter": 1_000,
            "accesslog": None,  # alongside.kernel.logs says it, without addresses
            "loglevel": "warning",
            "control_socket_disable": True,
        }
    ).run()
    return 0


class Server(BaseApplication):
    """gunicorn, told what to do by us and by no file or variable of its own."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIHandler:
        from alongside.config.wsgi import application

        get_resolver().url_patterns  # noqa: B018  every view is imported now, once, and fails now if it does
        return application
