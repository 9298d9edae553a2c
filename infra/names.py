"""The one place where names are made: whatever two stacks, a role and an operator must agree on.

A step's word (`intake`, `dispatch`, …) runs through as its folder, function, queue, alarm and runbook. Stacks refer to
each other's tables, queues and secrets by these names; so an IAM policy can be read without the template beside it,
and a stack can be recreated without "export in use".
"""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Step = Literal["intake", "analysis", "dispatch", "operations", "reconciliation"]
STEPS: Final[tuple[Step, ...]] = get_args(Step)

Table = Literal["webhook_events", "analyses", "crm_dispatches", "circuits", "quarantine", "ledgers"]
TABLES: Final[tuple[Table, ...]] = get_args(Table)

QueueName = Literal["analysis", "dispatch"]
QUEUES: Final[tuple[QueueName, ...]] = get_args(QueueName)

Secret = Literal["elevenlabs-webhook", "operator-tokens", "openai", "elevenlabs-api", "search-key"]
SECRETS: Final[tuple[Secret, ...]] = get_args(Secret)

Lifetime = Literal["address", "api", "network", "data", "pipeline", "monitoring"]


def camel_case(name: str) -> str:
    """CRM_SERVICE_URL as CrmServiceUrl, search-key as SearchKey: CloudFormation allows letters and digits only."""
    return "".join(part.capitalize() for part in name.replace("-", "_").split("_"))


@dataclass(frozen=True)
class Names:
    """Names and ARNs of one environment in one account and region."""

    environment: str
    account: str
    region: str

    @property
    def prefix(self) -> str:
        return f"postcall-{self.environment}"

    def stack(self, lifetime: Lifetime | Literal["ci"]) -> str:
        return f"{self.prefix}-{lifetime}"

    def function(self, step: Step) -> str:
        return f"{self.prefix}-{step}"

    def function_arn(self, step: Step) -> str:
        return self._arn("lambda", f"function:{self.function(step)}")

    def log_group(self, step: Step) -> str:
        return f"/aws/lambda/{self.function(step)}"

    def log_group_arn(self, step: Step) -> str:
        return self._arn("logs", f"log-group:{self.log_group(step)}")

    @property
    def api_log_group(self) -> str:
        return f"/aws/apigateway/{self.prefix}"

    def table(self, table: Table) -> str:
        return f"{self.prefix}-{table}"

    def table_arn(self, table: Table) -> str:
        return self._arn("dynamodb", f"table/{self.table(table)}")

    def index_arn(self, table: Table, index: str) -> str:
        return f"{self.table_arn(table)}/index/{index}"

    def queue(self, name: QueueName) -> str:
        return f"{self.prefix}-{name}"

    def queue_arn(self, name: QueueName) -> str:
        return self._arn("sqs", self.queue(name))

    def dead_letters(self, name: QueueName) -> str:
        return f"{self.queue(name)}-dead-letters"

    def dead_letters_arn(self, name: QueueName) -> str:
        return self._arn("sqs", self.dead_letters(name))

    def secret(self, secret: Secret) -> str:
        return f"postcall/{self.environment}/{secret}"

    def secret_arn(self, secret: Secret) -> str:
        """The ARN with the six random characters that Secrets Manager adds to every name."""
        return self._arn("secretsmanager", f"secret:{self.secret(secret)}-??????")

    @property
    def metrics_namespace(self) -> str:
        """Our own metrics' namespace: environments of one account must not add up to one number."""
        return f"Postcall/{self.environment}"

    @property
    def payload_bucket(self) -> str:
        return f"{self.prefix}-payloads-{self.account}"

    @property
    def payload_bucket_arn(self) -> str:
        return f"arn:aws:s3:::{self.payload_bucket}"

    @property
    def topic_arn(self) -> str:
        """The topic that the alarms speak to, where it is ours."""
        return self._arn("sns", f"{self.prefix}-alarms")

    def alarm(self, name: str) -> str:
        return f"{self.prefix}-{name}"

    def alarm_arn(self, name: str) -> str:
        return self._arn("cloudwatch", f"alarm:{self.alarm(name)}")

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"
