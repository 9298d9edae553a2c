"""docs/costs.md says what the templates of today cost at rest."""

from typing import get_args

from infra.costs_page import PAGE, TITLES, WORDS, page
from infra.deployment.rest import AT_REST
from infra.names import Lifetime
from tests.infra.templates import Templates


def test_the_page_is_that_of_the_templates(synthesised: Templates) -> None:
    templates = {env: [synthesised.template(env, each) for each in get_args(Lifetime)] for env in TITLES}

    assert PAGE.read_text(encoding="utf-8") == page(templates), "make docs"


def test_every_price_has_its_word() -> None:
    assert set(WORDS) == set(AT_REST)
