"""The day's story on one page: each column is a chapter, from left to right as a call travels.

The first row tells the chosen time (a day, unless one chooses otherwise) in a number or two a chapter; the second shows
when; the third holds what AWS measures of the same parts; the last names the calls, by their ids only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.environments import Environment
from infra.names import QUEUES, STEPS, Names
from infra.resources import metrics

COLUMN: Final = 4  # of 24
HALF: Final = 12


@dataclass(frozen=True)
class Section:
    """`primary` are the day's numbers, in words a person uses; `secondary` what happened instead, or went with it."""

    title: str
    primary: tuple[tuple[str, str], ...]
    secondary: tuple[str, ...]


RECEIVED: Final = Section(
    "1 Received",
    (("EventsReceived", "calls"),),
    ("EventsDuplicate", "EventsExcluded", "EventsIgnored", "QuarantineEntries", "CallsMissed"),
)
UNDERSTOOD: Final = Section(
    "2 Understood",
    (("AnalysesDone", "analyses"),),
    ("AnalysesOffline", "ModelUnavailable", "ModelOutOfCredit", "ModelMisconfigured"),
)
DELIVERED: Final = Section(
    "4 Delivered",
    (("LeadsDelivered", "leads"),),
    ("LeadsDryRun", "LeadsDisabled", "CrmUnavailable", "CrmBreakerOpened"),
)
FOR_A_PERSON: Final = Section(
    "5 A person is needed",
    (("LeadsRejected", "rejected"), ("OutcomesUnknown", "unknown"), ("LeadsPartial", "partial")),
    (),
)
PUT_RIGHT: Final = Section(
    "6 Put right",
    (("EventsResent", "sent again by hand"), ("OutcomesResolved", "resolved")),
    ("EventsSweptAgain", "EventsStalled", "LedgerDifference"),
)
CHAPTERS: Final = (RECEIVED, UNDERSTOOD, DELIVERED, FOR_A_PERSON, PUT_RIGHT)

WAITS_FOR_ONE: Final = "['rejected_contract', 'rejected_configuration', 'rejected_data', 'unknown', 'partial']"
NEEDS_A_PERSON: Final = (
    "fields @timestamp, event_id, outcome, reason",
    f"filter message = 'dispatch.attempted' and outcome in {WAITS_FOR_ONE}",
    "sort @timestamp desc",
    "limit 20",
)
WHAT_BECAME: Final = (
    "filter message = 'dispatch.attempted' and ispresent(outcome)",
    "stats count(*) as attempts, count_distinct(event_id) as calls by outcome, reason",
    "sort attempts desc",
    "limit 20",
)


class Dashboard(Construct):
    def __init__(
        self, scope: Construct, environment: Environment, api: metrics.ApiMetrics, alarms: Sequence[cloudwatch.Alarm]
    ) -> None:
        super().__init__(scope, "Dashboard")
        names = environment.names
        board = cloudwatch.Dashboard(self, "Board", dashboard_name=names.prefix, default_interval=cdk.Duration.days(1))
        board.add_widgets(cloudwatch.AlarmStatusWidget(title="Alarms", alarms=[*alarms], width=24, height=3))
        board.add_widgets(*_numbers(names))
        board.add_widgets(*_numbered_graphs(names))
        board.add_widgets(*_behind_it(names, api))
        board.add_widgets(*_calls_by_name(names))


def _numbers(names: Names) -> list[cloudwatch.IWidget]:
    waiting = cloudwatch.SingleValueWidget(title="3 Waiting now", metrics=[*_depths(names)], width=COLUMN, height=4)
    numbers: list[cloudwatch.IWidget] = [_number(names, chapter) for chapter in CHAPTERS]
    return [*numbers[:2], waiting, *numbers[2:]]


def _numbered_graphs(names: Names) -> list[cloudwatch.IWidget]:
    graphs = [_chapter(names, chapter) for chapter in CHAPTERS]
    return [*graphs[:2], _graph("3 Waiting", _depths(names)), *graphs[2:]]


def _behind_it(names: Names, api: metrics.ApiMetrics) -> list[cloudwatch.IWidget]:
    ages = [metrics.of_queue(names.queue(name), "ApproximateAgeOfOldestMessage") for name in QUEUES]
    door = [metrics.of_api(api, api.client_errors), metrics.of_api(api, api.server_errors)]
    return [
        _graph("The API's refusals", [*door, metrics.counted(names, "SignatureRejected")]),
        _graph("The API's latency", [metrics.of_api(api, "Latency", each) for each in ("p50", "p99")]),
        _graph("Oldest message, seconds", ages),
        _graph("Dead letters", [metrics.abandoned(names, name) for name in QUEUES]),
        _graph("Duration p95, ms", [metrics.of_function(names, step, "Duration", "p95") for step in STEPS]),
        _graph(
            "Functions' errors",
            [
                *(metrics.of_function(names, step, "Errors") for step in STEPS),
                *(metrics.failed_records(names, name) for name in QUEUES),
            ],
        ),
    ]


def _calls_by_name(names: Names) -> list[cloudwatch.IWidget]:
    return [
        _table("Calls that need a person", names, NEEDS_A_PERSON),
        _table("What became of attempts, and why", names, WHAT_BECAME),
    ]


def _depths(names: Names) -> list[cloudwatch.Metric]:
    return [metrics.waiting(names, name) for name in QUEUES]


def _number(names: Names, chapter: Section) -> cloudwatch.SingleValueWidget:
    primary = [metrics.counted(names, name).with_(label=label) for name, label in chapter.primary]
    return cloudwatch.SingleValueWidget(
        title=chapter.title, metrics=[*primary], set_period_to_time_range=True, width=COLUMN, height=4
    )


def _chapter(names: Names, chapter: Section) -> cloudwatch.GraphWidget:
    primary = (name for name, _ in chapter.primary)
    return _graph(chapter.title, [metrics.counted(names, name) for name in (*primary, *chapter.secondary)])


def _graph(title: str, left: Sequence[cloudwatch.Metric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=[*left], width=COLUMN, height=6)


def _table(title: str, names: Names, lines: Sequence[str]) -> cloudwatch.LogQueryWidget:
    return cloudwatch.LogQueryWidget(
        title=title,
        log_group_names=[names.log_group("dispatch")],
        query_lines=[*lines],
        view=cloudwatch.LogQueryVisualizationType.TABLE,
        width=HALF,
        height=6,
    )
