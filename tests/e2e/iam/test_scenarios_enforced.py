"""The acceptance scenarios once more, with every role's permissions enforced: so each set is enough."""

from __future__ import annotations

import pytest

from tests.e2e.test_scenarios import (
    test_a_dry_run_records_the_payload_and_sends_nothing,
    test_a_long_call_of_a_megabyte_passes_through,
    test_a_refusing_crm_is_on_the_record_in_the_dead_letters_and_blocks_nobody,
    test_a_signed_webhook_becomes_exactly_one_lead_however_often_it_comes,
    test_b_a_real_send_is_a_success_and_the_lead_is_in_the_crm,
    test_c_without_a_phone_the_lead_goes_out_with_its_email,
    test_d_the_same_event_twice_is_one_lead,
    test_e_a_forced_resend_is_a_second_recorded_attempt,
)

pytestmark = [pytest.mark.e2e, pytest.mark.long]

__all__ = [
    "test_a_dry_run_records_the_payload_and_sends_nothing",
    "test_a_long_call_of_a_megabyte_passes_through",
    "test_a_refusing_crm_is_on_the_record_in_the_dead_letters_and_blocks_nobody",
    "test_a_signed_webhook_becomes_exactly_one_lead_however_often_it_comes",
    "test_b_a_real_send_is_a_success_and_the_lead_is_in_the_crm",
    "test_c_without_a_phone_the_lead_goes_out_with_its_email",
    "test_d_the_same_event_twice_is_one_lead",
    "test_e_a_forced_resend_is_a_second_recorded_attempt",
]
