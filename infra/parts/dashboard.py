"""The day's story on one page, from left to right as a call travels, and below it what went wrong."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.environments import Environment
from infra.names import QUEUES, STEPS
from infra.parts import metrics

QUARTER_WIDTH: Final = 6  # of the 24 columns
THIRD_WIDTH: Final = 8
TAKEN: Final = ("EventsReceived", "EventsDuplicate", "EventsIgnored")
ANALYSED: Final = ("AnalysesDone", "AnalysesOffline", "ModelUnavailable", "ModelOutOfCredit")
ANSWERED: Final = ("LeadsDelivered", "CrmUnavailable", "CrmBreakerOpened")
HELD: Final = ("LeadsRejected", "OutcomesUnknown", "LeadsPartial")


class Dashboard(Construct):
    def __init__(
        self, scope: Construct, environment: Environment, api_id: str, alarms: Sequence[cloudwatch.Alarm]
    ) -> None:
        super().__init__(scope, "Dashboard")
        board = cloudwatch.Dashboard(self, "Board", dashboard_name=environment.names.prefix)
        board.add_widgets(cloudwatch.AlarmStatusWidget(title="Alarms", alarms=[*alarms], width=24, height=3))
        board.add_widgets(*_story())
        board.add_widgets(*_outcomes(environment, api_id))
        board.add_widgets(*_work(environment))


def _story() -> list[cloudwatch.IWidget]:
    return [
        _graph("1 Received", [metrics.counted(each) for each in TAKEN]),
        _graph("2 Understood", [metrics.counted(each) for each in ANALYSED]),
        _graph("3 Sent to the CRM", [metrics.counted(each) for each in ANSWERED]),
        _graph("4 A person is needed", [metrics.counted(each) for each in HELD]),
    ]


def _outcomes(environment: Environment, api_id: str) -> list[cloudwatch.IWidget]:
    names = environment.names
    answers = [metrics.of_api(api_id, each) for each in ("4xx", "5xx")]
    return [
        _graph("The API's refusals", [*answers, metrics.counted("SignatureRejected")]),
        _graph("Waiting", [metrics.waiting(names, word) for word in QUEUES]),
        _graph("Dead letters", [metrics.given_up(names, word) for word in QUEUES]),
        _graph("Stood still", [metrics.counted(each) for each in ("EventsSweptAgain", "EventsStuck", "EventsResent")]),
    ]


def _work(environment: Environment) -> list[cloudwatch.IWidget]:
    names = environment.names
    ages = [metrics.of_queue(names.queue(word), "ApproximateAgeOfOldestMessage") for word in QUEUES]
    return [
        _graph("Functions: duration", [metrics.of_function(names, s, "Duration", "p95") for s in STEPS], THIRD_WIDTH),
        _graph("Functions: errors", [metrics.of_function(names, s, "Errors") for s in STEPS], THIRD_WIDTH),
        _graph("Queues: oldest message", ages, THIRD_WIDTH),
    ]


def _graph(title: str, left: list[cloudwatch.Metric], width: int = QUARTER_WIDTH) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=[*left], width=width, height=6)
