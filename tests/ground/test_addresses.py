"""Whose address a request comes from: that of the connection, or what a trusted proxy says."""

from __future__ import annotations

import ipaddress

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from bridgehead.ground.addresses import address_of, neighbourhood, networks, own_address
from bridgehead.kernel.errors import BridgeheadError


def request(direct: str, forwarded: str = "") -> object:
    more = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=direct, **more)


@pytest.mark.parametrize(
    ("trusted", "direct", "forwarded", "found"),
    [
        ("", "192.0.2.1", "198.51.100.1", "192.0.2.1"),
        ("10.0.0.5", "192.0.2.1", "198.51.100.1", "192.0.2.1"),
        ("10.0.0.5", "10.0.0.5", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.0/24", "10.0.0.5", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.0/24", "10.0.0.5", "1.1.1.1, 198.51.100.1, 10.0.0.9", "198.51.100.1"),
        ("10.0.0.0/24", "10.0.0.5", "nonsense", "10.0.0.5"),
        ("10.0.0.0/24", "10.0.0.5", "1.1.1.1, nonsense, 10.0.0.9", "10.0.0.9"),
        ("10.0.0.0/24, ::1", "::1", "2001:db8::7", "2001:db8::7"),
    ],
)
def test_a_proxy_is_believed_only_where_it_is_trusted(
    trusted: str, direct: str, forwarded: str, found: str, settings: Settings
) -> None:
    settings.BRIDGEHEAD_TRUSTED_PROXY = trusted
    assert address_of(request(direct, forwarded)) == found  # type: ignore[arg-type]


@given(st.ip_addresses(v=4), st.lists(st.text(max_size=12), max_size=4))
def test_no_header_moves_an_address_nobody_trusts(direct: ipaddress.IPv4Address, claims: list[str]) -> None:
    claimed = ",".join(claims).encode("ascii", "ignore").decode()
    assert address_of(request(str(direct), claimed)) == str(direct)  # type: ignore[arg-type]


def test_a_household_of_version_6_counts_as_one() -> None:
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:1") != neighbourhood("2001:db8:0:1::1")
    assert neighbourhood("192.0.2.1") != neighbourhood("192.0.2.2")
    assert neighbourhood("") == ""


def test_a_setting_that_is_no_network_is_told() -> None:
    with pytest.raises(BridgeheadError) as refused:
        networks("10.0.0.1, proxy")
    assert refused.value.code == "server.bad_proxy"


def test_links_in_mails_are_never_made_of_a_name_somebody_wrote(settings: Settings) -> None:
    asked = RequestFactory().get("/", HTTP_HOST="evil.example")
    settings.ALLOWED_HOSTS = ["*"]
    with pytest.raises(BridgeheadError) as refused:
        own_address(asked)
    assert refused.value.code == "server.address_unknown"
    settings.BRIDGEHEAD_ADDRESS = "https://bridgehead.example"
    assert own_address(asked) == "https://bridgehead.example"
    settings.BRIDGEHEAD_ADDRESS = ""
    settings.ALLOWED_HOSTS = ["good.example"]
    assert own_address(RequestFactory().get("/", HTTP_HOST="good.example")) == "http://good.example"
