"""The CRM of the simulation replies as the CRM simulator does to the real client: the same outcome, the same truth."""

from __future__ import annotations

import time

import pytest

from functions.dispatch.classify import Terms, classify
from tests.contract.test_bpmsoft import send
from tools.simulators.crm.simulator import CrmSimulator
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.replies import REPLIES, SAVED

PLAYED = {
    "http_408": Fault.CRM_BUSY,
    "http_429": Fault.CRM_BUSY,
    "preprocess_error": Fault.CRM_PREPROCESS,
    "post_handler_error": Fault.CRM_WARNING,
    "http_413": Fault.CRM_TOO_LARGE,
    "deadlock_before_commit": Fault.CRM_STRANGE_NOT,
    "login_page": Fault.CRM_STRANGE_NOT,
    "deadlock_after_commit": Fault.CRM_STRANGE_CREATED,
    "unknown_code": Fault.CRM_STRANGE_CREATED,
    "not_json": Fault.CRM_STRANGE_CREATED,
    "missing_result": Fault.CRM_STRANGE_CREATED,
    "null_result": Fault.CRM_STRANGE_CREATED,
    "http_500": Fault.CRM_ERROR_NOT,
    "http_502": Fault.CRM_ERROR_NOT,
    "http_500_after_commit": Fault.CRM_ERROR_CREATED,
    "http_502_after_commit": Fault.CRM_ERROR_CREATED,
    "http_504_after_commit": Fault.CRM_ERROR_CREATED,
    "close_after_commit": Fault.CRM_ANSWER_LOST,
    "delay_after_commit": Fault.CRM_ANSWER_LOST,
    "close_before_commit": Fault.CRM_REQUEST_LOST,
    "delay_before_commit": Fault.CRM_SAVES_LATE,
    "http_503": Fault.CRM_DOWN,
    "landing_off": Fault.CRM_LANDING_OFF,
    "http_403": Fault.CRM_LANDING_OFF,
    "redirect_to_login": Fault.CRM_LANDING_OFF,
    "empty_result": Fault.CRM_NOT_UNDERSTOOD,
}


@pytest.mark.parametrize(("played", "fault"), PLAYED.items())
def test_a_reply_is_what_the_crm_simulator_plays(played: str, fault: Fault) -> None:
    with CrmSimulator() as simulator:
        simulator.fail_next(played, number=0.6 if played.startswith("delay") else None)
        outcome = send(simulator, timeout=0.3 if played.startswith("delay") else 5.0).outcome
        saved = _saved_in_the_end(simulator, late=fault is Fault.CRM_SAVES_LATE)
    assert (outcome, saved) in {(classify(reply.exchange, Terms()).outcome, reply.saves) for reply in REPLIES[fault]}


def test_a_healthy_crm_saves_and_says_so() -> None:
    with CrmSimulator() as simulator:
        assert send(simulator).outcome is classify(SAVED.exchange, Terms()).outcome
        assert simulator.lead_count == 1


def _saved_in_the_end(simulator: CrmSimulator, *, late: bool) -> bool:
    """Whether there is a lead, once a server whose client has left is done."""
    ends = time.monotonic() + 5.0
    while late and simulator.lead_count == 0 and time.monotonic() < ends:
        time.sleep(0.02)
    return simulator.lead_count > 0
