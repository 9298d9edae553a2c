"""Where the CRM shows a lead: the address of its card, known where we chose the lead's key ourselves."""

from __future__ import annotations

from collections.abc import Sequence

from postcall.domain.outcome import Attempt

_KEY = "Id="  # as `SendingTerms.key` names the lead's own
_SERVICE = "/ServiceModel/"  # before it stands the address that the CRM's pages have as well
_CARD = "/Nui/ViewModule.aspx#CardModuleV2/LeadPageV2/edit/"


def lead_card(attempts: Sequence[Attempt]) -> str | None:
    """The card of the lead that the newest request made, or may have made; None where its key is the CRM's alone."""
    for attempt in reversed(attempts):
        terms = attempt.terms
        if not attempt.crm_was_asked or terms is None or terms.key is None or not terms.key.startswith(_KEY):
            continue
        base, found, _ = terms.address.partition(_SERVICE)
        if found:
            return f"{base}{_CARD}{terms.key.removeprefix(_KEY)}"
    return None
