"""Keep the processes of one machine running: the embedded database, the web and the workers.

Nothing heavy is imported here: this process lives as long as the desk and should cost next to nothing.
"""

from __future__ import annotations

import logging
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from credo.base import lifeline
from credo.base.errors import CredoError

_log = logging.getLogger("credo.supervise")
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_STEADY = 60.0  # a child that lived this long starts afresh with the shortest pause
_LONGEST_PAUSE = 30.0


class ChildFailed(CredoError):
    """A part of Credo ended before it was ready; its own message stands above."""


@dataclass(slots=True)
class Child:
    """One process to keep alive: its name, its arguments, the sockets it inherits, and how it fares."""

    name: str
    arguments: Sequence[str]
    inherits: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = None
    line: socket.socket | None = None
    ready: bool = False
    started_at: float = 0.0
    failures: int = 0
    start_again_at: float | None = 0.0


@dataclass(slots=True)
class Supervisor:
    """Starts children, starts crashed ones again with growing pauses, and stops all of them together."""

    children: list[Child]
    environ: dict[str, str]
    patience: float = 10.0
    _stopping: int = 0
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _wakes: tuple[socket.socket, socket.socket] = field(default_factory=socket.socketpair)

    def listen_to_signals(self) -> None:
        """Take over Ctrl-C, SIGTERM, SIGHUP and the end of children; call it before anything is started."""
        for end in self._wakes:
            end.setblocking(False)
        signal.set_wakeup_fd(self._wakes[1].fileno(), warn_on_full_buffer=False)
        self._selector.register(self._wakes[0], selectors.EVENT_READ)
        for number in _STOPPING:
            signal.signal(number, self._asked_to_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def start(self) -> bool:
        """Start every child and wait until all are ready; False when a stop was asked for meanwhile.

        Raises `ChildFailed` when one of them ends first, after stopping the others.
        """
        for child in self.children:
            self._spawn(child)
        while not self._stopping and not all(child.ready for child in self.children):
            self._wait(None)
            ended = [child for child in self.children if child.process and child.process.poll() is not None]
            if ended and not self._stopping:
                self.stop()
                raise ChildFailed(f"The {ended[0].name} process ended before it was ready; its message stands above.")
        return not self._stopping

    def keep_running(self, also: Callable[[], None] = lambda: None) -> None:
        """Keep the children alive until a stop is asked for; `also` is called whenever something happened."""
        while not self._stopping:
            also()
            pauses = [child.start_again_at for child in self.children if child.start_again_at is not None]
            self._wait(max(0.0, min(pauses) - time.monotonic()) if pauses else None)
            for child in self.children:
                self._look_after(child)

    def stop(self) -> None:
        """Ask every child to end, wait, and kill what stays; a second Ctrl-C ends the waiting."""
        asked_before = self._stopping
        running = [child for child in self.children if child.process and child.process.poll() is None]
        for child in running:
            assert child.process is not None
            child.process.terminate()
        end = time.monotonic() + self.patience
        while any(child.process and child.process.poll() is None for child in running):
            left = end - time.monotonic()
            if left <= 0 or self._stopping > max(asked_before, 1):
                break
            self._wait(min(left, 1.0))
        for child in running:
            assert child.process is not None
            if child.process.poll() is None:
                _log.warning("the %s process did not end in time and was killed", child.name)
                child.process.kill()
            child.process.wait()
            self._drop_line(child)

    @property
    def asked_to_stop(self) -> bool:
        """Whether a stop was asked for."""
        return bool(self._stopping)

    def run_once(self, arguments: Sequence[str]) -> tuple[int, str]:
        """Run a command to its end, with its stderr shown and its stdout returned; a stop ends it too."""
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "credo.cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env=self.environ,
            start_new_session=True,
        )
        assert process.stdout is not None
        printed = b""
        os.set_blocking(process.stdout.fileno(), False)
        self._selector.register(process.stdout, selectors.EVENT_READ)
        while process.poll() is None:
            self._wait(1.0)
            printed += process.stdout.read() or b""
            if self._stopping:
                process.terminate()
                process.wait()
        self._selector.unregister(process.stdout)
        printed += process.stdout.read() or b""
        process.stdout.close()
        return process.returncode, printed.decode()

    def _asked_to_stop(self, *_: object) -> None:
        self._stopping += 1

    def _spawn(self, child: Child) -> None:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        child.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "credo.cli", *child.arguments],
            stdin=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(), *child.inherits),
            env=self.environ | {lifeline.VARIABLE: str(theirs.fileno())},
            start_new_session=True,
        )
        theirs.close()
        child.line, child.ready = ours, False
        child.started_at, child.start_again_at = time.monotonic(), None
        self._selector.register(ours, selectors.EVENT_READ, child)

    def _look_after(self, child: Child) -> None:
        """Notice a child that ended, and start it again when its pause is over."""
        now = time.monotonic()
        if child.start_again_at is not None:
            if now >= child.start_again_at and not self._stopping:
                self._spawn(child)
            return
        if child.process is None or child.process.poll() is None:
            return
        code = child.process.returncode
        self._drop_line(child)
        child.failures = 1 if now - child.started_at > _STEADY else child.failures + 1
        pause = min(_LONGEST_PAUSE, 0.25 * 2 ** min(child.failures, 10))
        child.start_again_at = now + pause
        _log.error("the %s process ended (%s); it starts again in %.1f s", child.name, _manner(code), pause)

    def _wait(self, timeout: float | None) -> None:
        """Sleep until a signal, a word from a child, or the end of `timeout` seconds."""
        for key, _ in self._selector.select(timeout):
            if key.fileobj is self._wakes[0]:
                self._wakes[0].recv(4096)
            elif isinstance(key.data, Child):
                self._hear(key.data)

    def _hear(self, child: Child) -> None:
        assert child.line is not None
        try:
            word = child.line.recv(64)
        except ConnectionError:
            word = b""
        if word:
            child.ready = True
        else:
            self._drop_line(child)

    def _drop_line(self, child: Child) -> None:
        if child.line is not None:
            self._selector.unregister(child.line)
            child.line.close()
            child.line = None


def _manner(code: int) -> str:
    return f"code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
