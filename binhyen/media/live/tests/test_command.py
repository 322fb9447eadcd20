"""`binhyen live` as a process: ready line, token, end."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

COMMAND = [sys.executable, "-m", "binhyen", "live"]


def status(port: int, token: str) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/status", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def started(*arguments: str, **variables: str) -> subprocess.Popen:
    environment = {**os.environ, **variables}
    return subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, text=True, env=environment)


def ended(process: subprocess.Popen) -> int:
    process.send_signal(signal.SIGTERM)
    with process:
        return process.wait(timeout=15)


def test_it_says_when_it_is_ready_takes_the_token_of_the_file_and_ends_on_sigterm(tmp_path):
    token_file = tmp_path / "token"
    token_file.write_text("secret-token\n")
    process = started("--data", str(tmp_path), "--token-file", str(token_file))
    port = json.loads(process.stdout.readline())["port"]
    assert (status(port, "secret-token"), status(port, "other")) == (200, 401)
    assert ended(process) == 0


def test_a_node_on_its_own_makes_a_token_that_only_its_owner_reads(tmp_path):
    process = started("--data", str(tmp_path))
    port = json.loads(process.stdout.readline())["port"]
    token_file = tmp_path / "run" / "live-token"
    assert (status(port, token_file.read_text()), oct(token_file.stat().st_mode & 0o777)) == (200, "0o600")
    assert ended(process) == 0


def test_F10_a_port_in_use_is_a_sentence_and_a_failure(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [*COMMAND, "--data", str(tmp_path), "--port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Không mở được cổng {port}:")


def test_a_token_file_that_is_missing_or_empty_is_a_sentence(tmp_path):
    empty = tmp_path / "empty"
    empty.write_text("\n")
    told = [
        subprocess.run(
            [*COMMAND, "--data", str(tmp_path), "--token-file", str(path)],
            capture_output=True, text=True, timeout=20, check=False,
        )
        for path in (tmp_path / "missing", empty)
    ]  # fmt: skip
    assert [done.returncode for done in told] == [2, 2]
    assert [done.stderr.split(" ")[0:3] for done in told] == [["Không", "đọc", "được"], ["Tệp", "mã", str(empty)]]
