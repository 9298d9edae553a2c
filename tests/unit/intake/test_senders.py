"""Which addresses are ElevenLabs': those it publishes, or those of the environment's file."""

from __future__ import annotations

import pytest

from functions.intake.senders import PUBLISHED, is_of, parse_networks, published


def test_every_published_address_is_the_vendors_and_no_other() -> None:
    for addresses in PUBLISHED.values():
        for address in addresses:
            assert is_of(address.removesuffix("/32"), published())
    assert not is_of("34.67.146.146", published())


@pytest.mark.parametrize("source_ip", ["", "localhost", "34.67.146.145, 10.0.0.1", "::1", "34.67.146.145/32"])
def test_what_is_no_address_is_nobodys(source_ip: str) -> None:
    assert not is_of(source_ip, published())


def test_an_environment_names_addresses_of_its_own() -> None:
    networks = parse_networks("198.51.100.0/24, 203.0.113.7")
    assert is_of("198.51.100.9", networks)
    assert is_of("203.0.113.7", networks)
    assert not is_of("34.67.146.145", networks)
    with pytest.raises(ValueError, match="nonsense"):
        parse_networks("nonsense")
