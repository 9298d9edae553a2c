"""One contract for orders to analyse a call anew: open until they are served, lost or erased."""

from __future__ import annotations

from datetime import timedelta

from postcall.domain.contact_key import email_key, phone_key
from postcall.domain.event import Erasure, ReanalysisOrder
from tests.contract.stored import LATER, Store
from tests.support.aws import SEARCH_KEY
from tests.support.builders import CONVERSATION, any_contact, any_recorded
from tests.support.fakes.clock import START

PHONE = phone_key("375291234567", SEARCH_KEY)


def test_an_order_to_analyse_anew_is_open_until_it_is_served_or_lost(store: Store) -> None:
    event, late = store.analyzed(), START + timedelta(minutes=16)
    assert store.reanalyses.order(event, ReanalysisOrder("o1", "anna", START, "wrong topic"))
    assert not store.reanalyses.order(event, ReanalysisOrder("o2", "anna", LATER, "wrong topic"))
    assert store.reanalyses.order(event, ReanalysisOrder("o3", "anna", late, "wrong topic"))
    retry = any_recorded(revision=2, at=late, contact=any_contact(phone=None, email="new@example.com"))
    assert not store.analyses.record_again(retry, order_id="o1")
    assert not store.analyses.record_again(any_recorded(revision=1, at=late), order_id="o3")
    assert store.analyses.record_again(retry, order_id="o3")
    assert not store.analyses.record_again(any_recorded(revision=3, at=late), order_id="o3")
    assert store.analyses.latest(CONVERSATION) == retry
    assert store.contacts.by_phone(PHONE, limit=10) == []  # a contact that was wrong finds nothing any more
    assert store.contacts.by_email(email_key("new@example.com", SEARCH_KEY), limit=10) == [CONVERSATION]
    assert store.reanalyses.order(event, ReanalysisOrder("o4", "anna", late, "wrong topic"))


def test_an_erased_call_takes_no_order_and_leaves_the_index(store: Store) -> None:
    event = store.analyzed()
    store.reanalyses.order(event, ReanalysisOrder("o1", "anna", START, "wrong topic"))
    assert store.eraser.mark(store.now(), Erasure("anna", LATER, "The caller asked for it.", "analyzed", ("payload",)))
    assert (store.now().reanalysis, store.now().pending_since) == (None, None)
    assert not store.analyses.record_again(any_recorded(revision=2, at=LATER), order_id="o1")
    assert not store.reanalyses.order(store.now(), ReanalysisOrder("o2", "anna", LATER, "wrong topic"))
