"""PostgreSQL refuses to run as root; here root lends it an ordinary account, and nobody else needs one."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from credo.base.errors import CredoError

_NAMES = ("credo", "postgres")


class NoAccount(CredoError):
    """Credo runs as root and could not make the account `credo` for its database; run it as an ordinary user."""


class Child(TypedDict, total=False):
    """The arguments of `subprocess` that choose who a child is."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """Who owns the database's files and runs its processes; `uid` None means the present user."""

    uid: int | None
    gid: int | None

    def as_child(self) -> Child:
        """Arguments for `subprocess` that start a child under this account."""
        if self.uid is None or self.gid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def account() -> Account:
    """The present user, or for root the account `credo` (or `postgres`), made if there is neither."""
    if os.geteuid() != 0:
        return Account(None, None)
    for name in _NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    return _made(_NAMES[0])


def give(folder: Path, user: Account) -> None:
    """Make `user` the owner of `folder` and everything in it, if that is somebody else."""
    if user.uid is None or user.gid is None or folder.stat().st_uid == user.uid:
        return
    os.chown(folder, user.uid, user.gid)
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(os.path.join(path, name), user.uid, user.gid, follow_symlinks=False)


def open_way(path: Path, user: Account) -> None:
    """Let `user` pass through the folders above `path` (pass, not look), which root alone could walk before."""
    if user.uid is None:
        return
    for folder in path.resolve().parents:
        state = folder.stat()
        if state.st_uid != user.uid and not state.st_mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(state.st_mode) | stat.S_IXOTH)


def _made(name: str) -> Account:
    for command in (
        ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name],
        ["adduser", "-S", "-D", "-H", name],
    ):
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        entry = pwd.getpwnam(name)
        return Account(entry.pw_uid, entry.pw_gid)
    raise NoAccount
