"""The way to Slack, as a school's network has it: through a proxy or past it, with certificates that are checked."""

import ipaddress
import select
import socket
import socketserver
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.error import URLError

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from slack_sdk.errors import SlackApiError

from bot.slack_calls import BriefRetries, Client
from tests.bot.slack_server import SlackServer

TOKEN = "xoxb-test"  # noqa: S105  (of nobody)
NAMES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy")


class Proxy(socketserver.ThreadingTCPServer):
    """A school's proxy: it passes on what it is asked to, and remembers the heads of the requests made to itself."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Passage)
        self.heads: list[str] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _Passage(socketserver.BaseRequestHandler):
    server: Proxy

    def handle(self) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            if not (byte := self.request.recv(1)):
                return
            head += byte
        self.server.heads.append(head.decode())
        target = head.split()[1].decode().removeprefix("http://").partition("/")[0]
        host, _, port = target.rpartition(":")
        with socket.create_connection((host, int(port))) as slack:
            if head.startswith(b"CONNECT"):
                self.request.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            else:
                slack.sendall(head)
            self._pass_on(slack)

    def _pass_on(self, slack: socket.socket) -> None:
        ends = {self.request: slack, slack: self.request}
        while True:
            for end in select.select(list(ends), [], [])[0]:
                if not (some := end.recv(65_536)):
                    return
                ends[end].sendall(some)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of 127.0.0.1 with its key, in one file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "slack")])
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = made.add_extension(here, critical=False).sign(key, hashes.SHA256())
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = tmp_path_factory.mktemp("certificate") / "slack.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(key.private_bytes(pem, form, plain) + signed.public_bytes(pem))
    return file


@pytest.fixture
def secure(certificate):
    """Slack, over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = SlackServer(context=context)
    yield server
    server.close()
    assert server.mistakes == []


@pytest.fixture
def trusting(certificate) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate)


@pytest.fixture
def proxy(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    made = Proxy()
    yield made
    made.close()


def test_three_calls_over_tls_shake_hands_once(secure, trusting):
    client = Client(token=TOKEN, base_url=secure.address, ssl=trusting)
    assert all(client.auth_test()["ok"] for _ in range(3))
    assert secure.door.connected == 1


def test_a_certificate_that_nobody_vouches_for_is_refused_and_no_token_is_sent(secure):
    client = Client(token=TOKEN, base_url=secure.address, ssl=ssl.create_default_context(), retry_handlers=[])
    with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
        client.auth_test()
    assert secure.calls == []


def test_an_idle_connection_over_tls_that_slack_closed_costs_no_message_and_doubles_none(secure, trusting):
    client = Client(token=TOKEN, base_url=secure.address, ssl=trusting, retry_handlers=[])
    client.auth_test()
    secure.door.hang_up()
    client.auth_test()
    assert (len(secure.of("auth.test")), secure.door.connected) == (2, 2)


def test_twenty_calls_go_through_the_proxy_by_one_tunnel_and_slack_never_sees_what_opens_it(
    secure, trusting, proxy, monkeypatch
):
    monkeypatch.setenv("HTTPS_PROXY", f"http://school:secret@{proxy.address}")
    client = Client(token=TOKEN, base_url=secure.address, ssl=trusting)
    seen = listened(secure)
    for _ in range(20):
        client.auth_test()
    head = "".join(proxy.heads)
    assert head.startswith(f"CONNECT 127.0.0.1:{secure.door.server_address[1]} ")
    assert "Proxy-Authorization: Basic c2Nob29sOnNlY3JldA==" in head
    assert TOKEN not in head
    assert (len(proxy.heads), secure.door.connected, len(secure.calls)) == (1, 1, 20)
    assert not any("Proxy-Authorization" in headers for _, headers in seen)


def test_a_tunnel_that_ends_is_dug_anew(secure, trusting, proxy, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    client = Client(token=TOKEN, base_url=secure.address, ssl=trusting, retry_handlers=[])
    client.auth_test()
    secure.door.hang_up()
    client.auth_test()
    assert len(secure.calls) == len(proxy.heads) == 2


def test_a_call_that_is_tried_again_goes_through_the_proxy_as_the_first_did(secure, trusting, proxy, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    retries = [BriefRetries(wait=lambda _: None)]
    client = Client(token=TOKEN, base_url=secure.address, ssl=trusting, retry_handlers=retries)
    secure.refuse("auth.test", status=503)
    seen = listened(secure)
    assert client.auth_test()["ok"]
    assert [path for path, _ in seen] == ["/api/auth.test", "/api/auth.test"]
    assert len(proxy.heads) == 1


def test_without_tls_the_proxy_is_asked_for_the_whole_address(slack, proxy, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://school:secret@{proxy.address}")
    client = Client(token=TOKEN, base_url=slack.address)
    for _ in range(3):
        with suppress(SlackApiError):  # this proxy passes the address on as it came, which the stand-in does not know
            client.auth_test()
    assert [head.split()[1] for head in proxy.heads] == [f"{slack.address}auth.test"]
    assert "Proxy-Authorization: Basic c2Nob29sOnNlY3JldA==" in proxy.heads[0]


def test_who_is_not_for_the_proxy_is_reached_past_it(slack, proxy, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.address}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert Client(token=TOKEN, base_url=slack.address).auth_test()["ok"]
    assert proxy.heads == []


def test_nobody_is_followed_elsewhere_with_the_token(slack):
    """As a network does that wants a password first."""
    with socketserver.TCPServer(("127.0.0.1", 0), _Elsewhere) as elsewhere:
        elsewhere.to = slack.address
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        client = Client(token=TOKEN, base_url=f"http://127.0.0.1:{elsewhere.server_address[1]}/api/", retry_handlers=[])
        with pytest.raises(SlackApiError):
            client.auth_test()
        elsewhere.shutdown()
    assert slack.door.connected == 0


class _Elsewhere(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while self.rfile.readline().strip():
            pass
        to = self.server.to
        self.wfile.write(f"HTTP/1.1 302 Found\r\nLocation: {to}auth.test\r\nContent-Length: 0\r\n\r\n".encode())


def listened(slack: SlackServer) -> list[tuple[str, str]]:
    """The path and the headers of each request that comes from now on."""
    seen, take = list[tuple[str, str]](), slack.door.take

    def listen(path, body, headers):
        seen.append((path, str(headers)))
        return take(path, body, headers)

    slack.door.take = listen
    return seen
