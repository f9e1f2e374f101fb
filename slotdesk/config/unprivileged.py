"""
Who runs a program that refuses to be root, and how that user reaches its files.

Containers run as root and keep their files in folders that only root may enter. The one user we need is let in with an
access control list, which opens the folder to nobody else.
"""

from __future__ import annotations

import os
import pwd
import stat
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

# Users that exist for purposes like this one, best first; the last one exists everywhere.
_CANDIDATES = ("slotdesk", "postgres", "nobody")

_ACL = "system.posix_acl_access"
_ACL_VERSION = struct.pack("<I", 2)
_USER_OBJ, _USER, _GROUP_OBJ, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
_NO_ID = 0xFFFFFFFF
_SEARCH = 1


class _PopenArguments(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine."""

    uid: int
    gid: int

    def as_popen(self) -> _PopenArguments:
        """Return the arguments that make subprocess.Popen run as this user; none when we are that user."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def account_for(path: Path) -> Account:
    """Return ourselves, or, when we are root, the owner of the path if it has one that is not root, or a spare user."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if path.exists() and path.stat().st_uid != 0:
        return Account(path.stat().st_uid, path.stat().st_gid)
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise OSError(f"this machine has none of the users {', '.join(_CANDIDATES)}, and root may not run it")


def let_in(account: Account, path: Path) -> None:
    """Give the user the right to pass through every folder above the path that is closed to it."""
    for folder in reversed(path.resolve().parents):
        status = folder.stat()
        if status.st_mode & stat.S_IXOTH or account.uid == status.st_uid:
            continue
        try:
            os.setxattr(folder, _ACL, _with_search(_acl_of(folder, status), account.uid))
        except OSError:
            # A file system without access control lists: passing through (not listing) is opened to all.
            folder.chmod(stat.S_IMODE(status.st_mode) | stat.S_IXOTH)


def _acl_of(folder: Path, status: os.stat_result) -> list[tuple[int, int, int]]:
    """The entries (tag, rights, id) of the folder's list, or those that its mode stands for."""
    try:
        raw = os.getxattr(folder, _ACL)
    except OSError:
        mode = status.st_mode
        return [
            (_USER_OBJ, mode >> 6 & 7, _NO_ID),
            (_GROUP_OBJ, mode >> 3 & 7, _NO_ID),
            (_OTHER, mode & 7, _NO_ID),
        ]
    return list(struct.iter_unpack("<HHI", raw[len(_ACL_VERSION) :]))


def _with_search(entries: list[tuple[int, int, int]], uid: int) -> bytes:
    mine = next((rights for tag, rights, who in entries if tag == _USER and who == uid), 0) | _SEARCH
    mask = next((rights for tag, rights, _ in entries if tag == _MASK), None)
    if mask is None:
        mask = next(rights for tag, rights, _ in entries if tag == _GROUP_OBJ)
    kept = [entry for entry in entries if entry[0] != _MASK and entry[:3:2] != (_USER, uid)]
    kept += [(_USER, mine, uid), (_MASK, mask | _SEARCH, _NO_ID)]
    return _ACL_VERSION + b"".join(struct.pack("<HHI", *entry) for entry in sorted(kept, key=lambda e: (e[0], e[2])))
