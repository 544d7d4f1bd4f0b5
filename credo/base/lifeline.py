"""The thread between the supervisor and a child: "I am ready" goes up it, and its end tells the child to go.

A child whose supervisor was killed would otherwise keep the port and the queues for ever.
"""

from __future__ import annotations

import os
import signal
import socket
import threading

VARIABLE = "CREDO_LIFELINE"
READY = b"ready\n"


def hold() -> None:
    """In a child: end this process, as by SIGTERM, when the supervisor is gone. Without a supervisor: nothing."""
    line = _line()
    if line is not None:
        threading.Thread(target=_wait_for_the_end, args=(line,), name="lifeline", daemon=True).start()


def say_ready() -> None:
    """In a child: tell the supervisor that work can come."""
    line = _line()
    if line is not None:
        line.sendall(READY)


def _line() -> socket.socket | None:
    number = os.environ.get(VARIABLE)
    if number is None:
        return None
    return socket.socket(fileno=os.dup(int(number)))


def _wait_for_the_end(line: socket.socket) -> None:
    while line.recv(64):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
