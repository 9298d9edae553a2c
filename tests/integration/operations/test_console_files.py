"""The console's files, as the API serves them."""

from __future__ import annotations

from tests.integration.operations.harness import OperationsHarness


def test_a_file_is_sent_once_and_then_only_asked_about(harness: OperationsHarness) -> None:
    answer = harness.pipeline.call_api("GET", "/console", None, None)
    assert answer["headers"]["content-type"].startswith("text/html")
    tag = answer["headers"]["etag"]
    assert harness.call_api_again("/console", f'W/{tag}, "another"')["statusCode"] == 304
    assert harness.call_api_again("/console", '"another"')["statusCode"] == 200
    for name in ("..%2Fhandler.py", "handler.py", "console.html%00", "__init__.py"):
        assert harness.call_api("GET", f"/console/{name}", token=None)[0] == 404


def test_the_bare_address_leads_to_the_console(harness: OperationsHarness) -> None:
    answer = harness.pipeline.call_api("GET", "/", None, None)
    assert (answer["statusCode"], answer["headers"]["location"]) == (302, "console")


def test_every_file_of_the_console_is_served_with_its_kind_and_a_strict_policy(harness: OperationsHarness) -> None:
    kinds = {
        "html": "text/html",
        "css": "text/css",
        "js": "text/javascript",
        "svg": "image/svg+xml",
        "json": "application/json",
    }
    page = harness.pipeline.call_api("GET", "/console", None, None)["body"]
    for name in ("app.js", "words.js", "words.json", "console.css", "mark.svg", "docs.html"):
        answer = harness.pipeline.call_api("GET", f"/console/{name}", None, None)
        assert answer["headers"]["content-type"].startswith(kinds[name.split(".")[1]])
        assert "unsafe" not in answer["headers"]["content-security-policy"]
    assert "<style" not in page
    assert " onclick" not in page
