"""How the database's user is let through folders that are closed to it."""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path

import pytest

from slotdesk.config.unprivileged import Account, account_for, let_in


def can_read(file: Path, uid: int) -> bool:
    return subprocess.call(["cat", str(file)], user=uid, group=65534, extra_groups=[], stderr=subprocess.DEVNULL) == 0


class TestAccountFor:
    def test_is_ourselves_unless_we_are_root(self, tmp_path: Path) -> None:
        account = account_for(tmp_path)

        assert account.uid != 0
        if os.geteuid() != 0:
            assert account == Account(os.geteuid(), os.getegid())
            assert account.as_popen() == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs somebody else to run the database")
class TestLetIn:
    def test_opens_the_way_to_this_user_and_to_nobody_else(self, tmp_path: Path) -> None:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        file = closed / "file"
        file.write_text("hello")
        user, other = pwd.getpwnam("nobody"), pwd.getpwnam("daemon")
        assert not can_read(file, user.pw_uid)

        let_in(Account(user.pw_uid, user.pw_gid), file)
        let_in(Account(user.pw_uid, user.pw_gid), file)

        assert can_read(file, user.pw_uid)
        assert not can_read(file, other.pw_uid)

    def test_keeps_who_owned_the_data_before(self, tmp_path: Path) -> None:
        os.chown(tmp_path, 12345, 12345)

        assert account_for(tmp_path) == Account(12345, 12345)
