"""What must never be lost: the ledger's tables, the payloads, the logs, the key they lie under, and the secrets."""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.environments import Environment
from infra.names import SECRETS, STEPS, TABLES, Secret, camel_case
from infra.resources.acknowledgment import acknowledge
from infra.resources.backup import TableBackups
from infra.resources.function import retention
from infra.resources.tables import Tables, removal
from infra.stacks.base import PostcallStack

QUARANTINE_FOLDER = "quarantine/"
DESCRIPTIONS: dict[Secret, str] = {
    "elevenlabs-webhook": 'The signing secret: plain text, or {"current": …, "previous": …} while it changes',
    "operator-tokens": 'Hashes of the operators\' tokens: {"tokens": [{"name": …, "sha256": …, "may": […]}]}',
    "openai": 'The model\'s key: {"api_key": …}; without one the offline analyser runs',
    "elevenlabs-api": 'The key for reading missed conversations: {"api_key": …}',
    "search-key": "Keys the hashes by which a caller is found; generated here, and never changed while events are kept",
}
GENERATED: frozenset[Secret] = frozenset({"search-key"})
ISSUED_ELSEWHERE: Final = (
    "somebody else's system issues it; AWS cannot rotate it by itself. The webhook secret and the operators' tokens "
    "accept an old and a new value side by side"
)
FIXED: Final = "contacts are indexed under it: with another key the calls of before could not be found any more"


class DataStack(PostcallStack):
    def __init__(self, scope: Construct, environment: Environment) -> None:
        super().__init__(
            scope,
            "data",
            environment,
            description="Postcall: tables, payloads, key and secrets",
            protected=environment.data.protected,
        )
        self._environment = environment
        own = environment.data.kms_key_arn
        self.key = self._key() if own is None else kms.Key.from_key_arn(self, "Key", own)
        Tables(self, environment, self.key)
        self._payload_bucket()
        for secret in SECRETS:
            self._secret(secret)
        self._log_groups()
        if environment.backup is not None:
            TableBackups(self, environment, environment.backup, self.key)
        for table in TABLES:
            self.output(f"{camel_case(table)}Table", environment.names.table(table), "A table's name")
        self.output("PayloadBucket", environment.names.payload_bucket, "Payloads too large for a table's item")

    def _key(self) -> kms.Key:
        """One key per environment. CloudWatch and Budgets must use it too, or their alarms vanish without a trace."""
        names = self._environment.names
        key = kms.Key(
            self,
            "Key",
            alias=names.prefix,
            description=f"Everything {names.prefix} keeps",
            enable_key_rotation=True,
            rotation_period=cdk.Duration.days(self._environment.data.key_rotation_days),
            removal_policy=removal(protected=self._environment.data.protected),
        )
        key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsReachTheirTopic",
                principals=[
                    iam.ServicePrincipal("cloudwatch.amazonaws.com"),
                    iam.ServicePrincipal("budgets.amazonaws.com"),
                ],
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=["*"],  # in a key's own policy: this key
                conditions={"StringEquals": {"aws:SourceAccount": self._environment.account}},
            )
        )
        key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="OnlyServicesLendIt",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["kms:CreateGrant"],
                resources=["*"],  # the same
                conditions={
                    "BoolIfExists": {"kms:GrantIsForAWSResource": "false", "aws:PrincipalIsAWSService": "false"}
                },
            )
        )
        return key

    def _payload_bucket(self) -> None:
        bucket = s3.Bucket(
            self,
            "Payloads",
            bucket_name=self._environment.names.payload_bucket,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self.key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="ForgetWithTheEvent",
                    expiration=cdk.Duration.days(self._environment.intake.event_ttl_days),
                    abort_incomplete_multipart_upload_after=cdk.Duration.days(1),
                ),
                s3.LifecycleRule(
                    id="ForgetWhatWasRefused",
                    prefix=QUARANTINE_FOLDER,
                    expiration=cdk.Duration.days(self._environment.intake.quarantine_ttl_days),
                ),
            ],
            removal_policy=removal(protected=self._environment.data.protected),
        )
        acknowledge(
            bucket,
            "AwsSolutions-S1",
            "only three functions read it, each by its own role; who looked at which event is in the access lines of "
            "operations, and a second bucket of access logs would keep event ids longer than the events",
        )

    def _log_groups(self) -> None:
        """They outlive the functions and the API that write them: a pipeline that comes back finds them again."""
        names = self._environment.names
        groups = {step.capitalize(): names.log_group(step) for step in STEPS} | {"Access": names.api_log_group}
        for writer, name in groups.items():
            logs.LogGroup(
                self,
                f"{writer}Logs",
                log_group_name=name,
                retention=retention(self._environment.runtime.log_days),
                removal_policy=removal(protected=self._environment.data.protected),
            )

    def _secret(self, secret: Secret) -> None:
        """An empty place: the value is put by hand and is never in a template. Only our own key is generated."""
        names = self._environment.names
        ours = secretsmanager.CfnSecret.GenerateSecretStringProperty(password_length=64, exclude_punctuation=True)
        generated = secret in GENERATED
        resource = secretsmanager.CfnSecret(
            self,
            camel_case(secret),
            name=names.secret(secret),
            description=DESCRIPTIONS[secret],
            kms_key_id=self.key.key_arn,
            generate_secret_string=ours if generated else None,
        )
        resource.apply_removal_policy(removal(protected=self._environment.data.protected))
        acknowledge(resource, "AwsSolutions-SMG4", FIXED if generated else ISSUED_ELSEWHERE)
