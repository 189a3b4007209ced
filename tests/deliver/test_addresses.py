"""Which addresses may be connected to."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from wire.deliver.addresses import refusal

PRIVATE = (ip_network("10.0.0.0/8"), ip_network("fd12::/16"))


@pytest.mark.parametrize(
    "text", ["127.0.0.1", "::1", "9.9.9.9", "2620:fe::fe", "::ffff:9.9.9.9", "64:ff9b::909:909"]
)
def test_loopback_and_public_addresses_are_open(text: str) -> None:
    assert refusal(ip_address(text)) is None


@pytest.mark.parametrize(
    "text", ["10.1.2.3", "192.168.1.1", "172.16.0.1", "fd12::1", "100.64.0.1", "::ffff:10.1.2.3"]
)
def test_private_addresses_are_closed(text: str) -> None:
    assert refusal(ip_address(text)) is not None


@pytest.mark.parametrize("text", ["10.1.2.3", "fd12::1", "::ffff:10.1.2.3", "64:ff9b::a01:203"])
def test_private_addresses_in_a_listed_network_are_open(text: str) -> None:
    assert refusal(ip_address(text), PRIVATE) is None


@pytest.mark.parametrize(
    "text",
    [
        *("169.254.169.254", "169.254.1.1", "fe80::1", "fd00:ec2::254", "100.100.100.200", "168.63.129.16"),
        *("::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1"),
        *("0.0.0.0", "::", "255.255.255.255", "224.0.0.1", "ff02::1"),
    ],
)
def test_some_addresses_no_network_opens(text: str) -> None:
    assert refusal(ip_address(text), (ip_network("0.0.0.0/0"), ip_network("::/0"))) is not None
