"""Who looks into the CRM: a person at the terminal, nobody, or the simulator's window."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from rich.console import Console

from tools.postcall.screen import Screen
from tools.postcall.uat.crm_inspector import Interactive, Simulated, Skipped
from tools.simulators.crm.simulator import CrmSimulator


def person(*answers: str) -> tuple[Interactive, list[str]]:
    questions: list[str] = []
    left: Iterator[str] = iter(answers)

    def ask(question: str) -> str:
        questions.append(question)
        return next(left)

    return Interactive(Screen(err=Console(file=io.StringIO())), ask), questions


def test_a_person_counts_and_names_what_is_empty() -> None:
    inspector, questions = person("1", "usrintent, UsrEventId")
    seen = inspector.look("uat-x-b", columns=("UsrIntent", "UsrEventId", "Email"))
    assert (seen.count, seen.empty, seen.by) == (1, ("UsrIntent", "UsrEventId"), "оператор")
    assert len(questions) == 2


def test_a_dash_means_that_none_is_empty() -> None:
    assert person("1", "-")[0].look("uat-x-b", columns=("UsrIntent",)).empty == ()


@pytest.mark.parametrize("answers", [("",), ("1", "")])
def test_enter_means_that_nobody_looked(answers: tuple[str, ...]) -> None:
    seen = person(*answers)[0].look("uat-x-b", columns=("UsrIntent",))
    assert seen.empty is None
    assert seen.count == (1 if len(answers) == 2 else None)


def test_what_is_no_answer_is_asked_again() -> None:
    inspector, questions = person("one", "-1", "2", "Colour", "-")
    assert inspector.look("uat-x-b", columns=("UsrIntent",)).count == 2
    assert len(questions) == 5


def test_nobody_has_seen_anything() -> None:
    assert Skipped().look("uat-x-b", columns=("UsrIntent",)).count is None


Post = Callable[..., None]


def test_the_simulator_is_searched_as_a_person_would(crm: CrmSimulator, post: Post) -> None:
    post(UsrEventId="uat-x-c", Commentary="IDs: event=uat-x-c, agent=")
    post(UsrEventId="uat-x-c2", Commentary="IDs: event=uat-x-c2, agent=")
    inspector = Simulated(crm.admin_url)
    assert inspector.look("uat-x-c").count == 1
    assert inspector.look("uat-x").count == 0


def test_on_a_stock_server_a_lead_is_found_by_its_comment_and_lost_columns_are_named(
    crm: CrmSimulator, post: Post
) -> None:
    crm.configure(profile="stock")
    post(UsrEventId="uat-x-b", UsrIntent="Купить", Commentary="IDs: event=uat-x-b, agent=")
    seen = Simulated(crm.admin_url).look("uat-x-b", columns=("Commentary", "UsrIntent", "UsrEventId"))
    assert (seen.count, seen.empty) == (1, ("UsrIntent", "UsrEventId"))


def test_a_lead_that_comes_later_is_waited_for(crm: CrmSimulator, post: Post) -> None:
    crm.configure(profile="after-columns-added", async_delay_seconds=0.3)
    post(UsrEventId="uat-x-f", contact={"FullName": "UAT Postcall"})
    assert Simulated(crm.admin_url).look("uat-x-f").count == 1


@pytest.fixture
def crm() -> Iterator[CrmSimulator]:
    with CrmSimulator() as running:
        yield running


@pytest.fixture
def post(crm: CrmSimulator) -> Post:
    """Send a form to the simulator."""
    import httpx

    def send(*, contact: dict[str, str] | None = None, **values: str) -> None:
        form = {
            "formId": "cd8c698b-4b42-4a47-aaf4-7a9e72a0344b",
            "formFieldsData": [{"name": name, "value": value} for name, value in values.items()],
            "contactFieldsData": [{"name": name, "value": value} for name, value in (contact or {}).items()],
        }
        answer = httpx.post(
            crm.service_url, json={"formData": form}, headers={"Referer": "https://mir.utlik.pro/"}, trust_env=False
        )
        assert "resultCode:0" in answer.text

    return send
