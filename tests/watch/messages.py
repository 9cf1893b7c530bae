"""Messages and servers for the tests of channels."""

from __future__ import annotations

import datetime
import ipaddress
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from alliage.ontology.label import Label
from alliage.ontology.marking import join_marking
from alliage.watch.news import News
from alliage.watch.notification import Notification
from tests.watch.test_incidents import an_alert, made, told

LABEL = Label.make("ALLIAGE", "UNCLASSIFIED", ["DNK", "FRA"])
MARKING = "ALLIAGE UNCLASSIFIED / REL TO DNK, FRA"


class Hook:
    """An HTTP server that keeps what is posted and answers as it is told."""

    def __init__(self) -> None:
        self.status = 204
        self.got: list[tuple[dict[str, str], bytes]] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(hook.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/told"
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()

    def close(self) -> None:
        """End the server."""
        self.server.shutdown()
        self.server.server_close()


def a_message(reason: str = "FRIO drifts", **more: object) -> Notification:
    """Of one incident; ``more`` goes to its alert."""
    alert = replace(an_alert("a" * 32, "mmsi:219012345", 0.0), reason_en=reason, **more)  # type: ignore[arg-type]
    marking = join_marking({LABEL})
    assert marking is not None
    return Notification(
        name="mrcc", node="north", news=News.OPENED, incident=made(told(alert))[0],
        title={"en": "Drifting", "fr": "Dérive"}, marking=marking, label_sets=frozenset([1]),
        is_exercise=True, link="https://north.example.org/incidents/a",
    )  # fmt: skip


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of this machine that vouches for itself, and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = datetime.datetime.now(datetime.UTC)
    made_of = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made_of.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths
