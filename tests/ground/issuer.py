"""A small identity provider (OpenID Connect) on the loopback: real keys, real signatures, real HTTP."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "bridgehead", "a secret the two share"
Claims = dict[str, Any]


class Issuer:
    """What the provider knows and says; a test changes it to make it say something wrong."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signs_with: Any = self.key
        self.algorithm = "RS256"
        self.account: Claims = {"sub": "u-17", "email": "batu@example.org", "email_verified": True}
        self.change: Callable[[Claims], None] = lambda claims: None
        self.told: Claims | None = None
        self.address = ""
        self.waiting: dict[str, Mapping[str, str]] = {}
        self.asked: list[str] = []

    def agree(self, location: str) -> str:
        """Take the visitor the platform sent, as if they had signed in there; returns where they are sent back to."""
        asked = dict(parse_qsl(urlsplit(location).query))
        assert location.startswith(f"{self.address}/authorize?")
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        code = secrets.token_urlsafe(16)
        self.waiting[code] = asked
        back = urlsplit(asked["redirect_uri"])
        return f"{back.path}?code={code}&state={asked['state']}"

    def token(self, form: Mapping[str, str]) -> tuple[int, Claims]:
        """Give a token for a code: once, to the client it was made for, with the proof of the one who asked."""
        asked = self.waiting.pop(form.get("code", ""), None)
        known = form.get("client_id") == CLIENT and form.get("client_secret") == SECRET
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proven = asked is not None and asked["code_challenge"] == base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        if asked is None or not known or not proven or form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "sub": self.account["sub"], "iat": now, "exp": now + 300}
        claims["nonce"] = asked["nonce"]
        self.change(claims)
        signed = jwt.encode(claims, self.signs_with, algorithm=self.algorithm, headers={"kid": "k1"})
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": signed}

    def keys(self) -> Claims:
        """Return the public key."""
        known = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**known, "kid": "k1", "alg": "RS256", "use": "sig"}]}

    def answer(self, method: str, path: str, body: str, bearer: str) -> tuple[int, Claims]:
        """Answer a request of the platform."""
        self.asked.append(f"{method} {path}")
        if (method, path) == ("POST", "/token"):
            return self.token({key: values[-1] for key, values in parse_qs(body).items()})
        if (method, path) == ("GET", "/keys"):
            return 200, self.keys()
        if (method, path) == ("GET", "/userinfo"):
            return (200, self.told or self.account) if bearer == "Bearer opaque" else (401, {})
        return 404, {}


@contextmanager
def issuing() -> Iterator[Issuer]:
    """Run a provider for a while."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def _say(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            status, said = issuer.answer(self.command, self.path, body, self.headers.get("Authorization", ""))
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _say  # noqa: N815 - names of the standard library

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.address = f"http://127.0.0.1:{server.server_address[1]}"
    # Its usual half second between two looks at whether to end is what every test would wait for.
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
