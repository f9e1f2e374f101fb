"""
A small identity provider over real HTTP, with keys of its own made at run time: OpenID Connect and SAML 2.0.

It signs in whoever the test says, and keeps to the rules that a client must keep to as well: registered client and
secret, the code once, the redirect address of the code, proof of the code's owner (PKCE).
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree import ElementTree as Xml

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from onelogin.saml2.utils import OneLogin_Saml2_Utils

CLIENT_ID, CLIENT_SECRET = "slotdesk-client", "a-secret-of-the-provider"
_RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
_SAML = "urn:oasis:names:tc:SAML:2.0"


@dataclass
class Keys:
    private: str
    certificate: str
    public: rsa.RSAPublicKey


def make_keys() -> Keys:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test provider")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Keys(private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode(), key.public_key())


@dataclass
class Provider:
    """
    person         the claims of whoever signs in
    audience       whom its tokens are for, when not for who asked
    ends_sessions  whether it says where one signs out; ended: what it was asked there
    """

    url: str
    keys: Keys
    person: dict[str, Any] = field(default_factory=dict)
    audience: str = CLIENT_ID
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    ends_sessions: bool = True
    ended: list[dict[str, str]] = field(default_factory=list)

    @property
    def saml_metadata(self) -> str:
        return (
            f'<md:EntityDescriptor xmlns:md="{_SAML}:metadata" entityID="{self.url}/saml"><md:IDPSSODescriptor'
            f' protocolSupportEnumeration="{_SAML}:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo'
            ' xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>'
            f"{_bare(self.keys.certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
            f'<md:SingleLogoutService Binding="{_SAML}:bindings:HTTP-Redirect" Location="{self.url}/saml/slo"/>'
            f'<md:SingleSignOnService Binding="{_SAML}:bindings:HTTP-Redirect" Location="{self.url}/saml/sso"/>'
            "</md:IDPSSODescriptor></md:EntityDescriptor>"
        )

    def answer_to(self, saml_request: str, *, signed_by: Keys | None = None, age: timedelta = timedelta(0)) -> str:
        """The SAMLResponse to this SAMLRequest, Base64; signed_by: another's keys."""
        asked = Xml.fromstring(zlib.decompress(base64.b64decode(saml_request), -15))
        issuer = asked.findtext(f"{{{_SAML}:assertion}}Issuer") or ""
        return self.say(
            in_response_to=asked.attrib["ID"],
            acs=asked.attrib["AssertionConsumerServiceURL"],
            audience=issuer,
            signed_by=signed_by or self.keys,
            age=age,
        )

    def say(
        self, *, in_response_to: str, acs: str, audience: str, signed_by: Keys | None, age: timedelta = timedelta(0)
    ) -> str:
        """A Response about the person, Base64. signed_by None = unsigned; in_response_to "" = nobody asked."""
        now = datetime.now(UTC) - age
        until, instant = f"{now + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}", f"{now:%Y-%m-%dT%H:%M:%SZ}"
        asked = f' InResponseTo="{in_response_to}"' if in_response_to else ""
        values = "".join(
            f'<saml:Attribute Name="{name}"><saml:AttributeValue>{self.person[name]}</saml:AttributeValue>'
            "</saml:Attribute>"
            for name in ("email", "name")
        )
        assertion = (
            f'<saml:Assertion xmlns:saml="{_SAML}:assertion" ID="_{secrets.token_hex(16)}" Version="2.0"'
            f' IssueInstant="{instant}"><saml:Issuer>{self.url}/saml</saml:Issuer><saml:Subject>'
            f'<saml:NameID Format="{_SAML}:nameid-format:persistent">{self.person["sub"]}</saml:NameID>'
            f'<saml:SubjectConfirmation Method="{_SAML}:cm:bearer"><saml:SubjectConfirmationData'
            f' NotOnOrAfter="{until}" Recipient="{acs}"{asked}/></saml:SubjectConfirmation></saml:Subject>'
            f'<saml:Conditions NotBefore="{instant}" NotOnOrAfter="{until}"><saml:AudienceRestriction>'
            f"<saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
            f'<saml:AuthnStatement AuthnInstant="{instant}"><saml:AuthnContext><saml:AuthnContextClassRef>'
            f"{_SAML}:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
            f"<saml:AttributeStatement>{values}</saml:AttributeStatement></saml:Assertion>"
        )
        if signed_by is not None:
            assertion = OneLogin_Saml2_Utils.add_sign(assertion, signed_by.private, signed_by.certificate).decode()
        response = (
            f'<samlp:Response xmlns:samlp="{_SAML}:protocol" xmlns:saml="{_SAML}:assertion"'
            f' ID="_{secrets.token_hex(16)}" Version="2.0" IssueInstant="{instant}" Destination="{acs}"{asked}>'
            f"<saml:Issuer>{self.url}/saml</saml:Issuer><samlp:Status><samlp:StatusCode"
            f' Value="{_SAML}:status:Success"/></samlp:Status>{assertion}</samlp:Response>'
        )
        return base64.b64encode(response.encode()).decode()

    def authorize(self, query: dict[str, str]) -> str:
        """Sign the person in and return where they go: back, with a code."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def exchange(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The tokens for a code, which is good for once."""
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client"}
        if asked is None or (asked["redirect_uri"], asked.get("code_challenge")) != (form["redirect_uri"], challenge):
            return 400, {"error": "invalid_grant"}
        now, token = int(time.time()), secrets.token_urlsafe(16)
        self.tokens.add(token)
        claims = self.person | {"iss": self.url, "aud": self.audience, "iat": now, "exp": now + 300}
        signed = jwt.encode(claims, self.keys.private, algorithm="RS256", headers={"kid": "1"})
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 300, "id_token": signed}

    def end_session(self, query: dict[str, str]) -> tuple[int, Any]:
        """Sign out whoever the hint is about, if it is a token of ours for this client, and send them back."""
        claims = jwt.decode(query["id_token_hint"], self.keys.public, algorithms=["RS256"], audience=query["client_id"])
        self.ended.append({"sub": claims["sub"]} | query)
        return 302, query["post_logout_redirect_uri"]

    def logout_request(self, *, destination: str, signed_by: Keys | None = None) -> dict[str, str]:
        """The query of a LogoutRequest about the person, by HTTP redirect, signed as that binding says."""
        instant = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        request = (
            f'<samlp:LogoutRequest xmlns:samlp="{_SAML}:protocol" xmlns:saml="{_SAML}:assertion"'
            f' ID="_{secrets.token_hex(16)}" Version="2.0" IssueInstant="{instant}" Destination="{destination}">'
            f"<saml:Issuer>{self.url}/saml</saml:Issuer><saml:NameID"
            f' Format="{_SAML}:nameid-format:persistent">{self.person["sub"]}</saml:NameID></samlp:LogoutRequest>'
        )
        query = {"SAMLRequest": OneLogin_Saml2_Utils.deflate_and_base64_encode(request), "SigAlg": _RSA_SHA256}
        key = serialization.load_pem_private_key((signed_by or self.keys).private.encode(), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        signature = key.sign(urlencode(query).encode(), padding.PKCS1v15(), hashes.SHA256())
        return query | {"Signature": base64.b64encode(signature).decode()}

    def answer(self, path: str, query: dict[str, str], bearer: str) -> tuple[int, Any]:
        match path:
            case "/.well-known/openid-configuration":
                names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
                document = {f"{name}_endpoint": f"{self.url}/{part}" for name, part in names.items()}
                ending = {"end_session_endpoint": f"{self.url}/end"} if self.ends_sessions else {}
                return 200, document | ending | {"issuer": self.url, "jwks_uri": f"{self.url}/jwks"}
            case "/end":
                return self.end_session(query)
            case "/jwks":
                key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.keys.public))
                return 200, {"keys": [key | {"kid": "1", "use": "sig", "alg": "RS256"}]}
            case "/userinfo":
                return (200, self.person) if bearer in self.tokens else (401, {"error": "invalid_token"})
            case "/authorize":
                return 302, self.authorize(query)
            case "/saml/metadata":
                return 200, self.saml_metadata
        return 404, {}


@contextmanager
def running() -> Iterator[Provider]:
    """Serve a provider until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
            self._reply(*provider.answer(address.path, query, bearer))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._reply(*provider.exchange({name: values[0] for name, values in parse_qs(body).items()}))

        def _reply(self, status: int, content: Any) -> None:
            self.send_response(status)
            if status == 302:
                self.send_header("Location", content)
                content = ""
            body = (content if isinstance(content, str) else json.dumps(content)).encode()
            self.send_header("Content-Type", "text/xml" if body.startswith(b"<") else "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider = Provider(f"http://127.0.0.1:{server.server_address[1]}", make_keys())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _bare(certificate: str) -> str:
    return "".join(line for line in certificate.splitlines() if "CERTIFICATE" not in line)
