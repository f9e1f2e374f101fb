import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[3]


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "sandbox.mail", *arguments]


class TestCommand:
    def test_serves_says_where_and_ends_on_sigterm(self, tmp_path: Path) -> None:
        arguments = command("--smtp-port", "0", "--http-port", "0", "--state", str(tmp_path / "new" / "mail.sqlite"))
        with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.search(r"inbox (http://\S+), SMTP 127\.0\.0\.1:\d+", line)
            assert found, line

            assert httpx.get(f"{found[1]}/healthz").text == "ok\n"

            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0

    def test_says_in_one_line_that_it_cannot_keep_messages(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("no folder")
        arguments = command("--smtp-port", "0", "--http-port", "0", "--state", str(tmp_path / "file" / "mail.sqlite"))

        ended = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)

        assert ended.returncode == 1
        assert ended.stderr.count("\n") == 1
        assert "cannot keep messages" in ended.stderr

    def test_says_in_one_line_which_port_is_taken(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = str(other.getsockname()[1])
            for arguments in (["--smtp-port", port, "--http-port", "0"], ["--smtp-port", "0", "--http-port", port]):
                ended = subprocess.run(
                    command(*arguments), cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
                )

                assert ended.returncode == 1
                assert ended.stderr.count("\n") == 1
                assert f"cannot listen on 127.0.0.1:{port}" in ended.stderr
