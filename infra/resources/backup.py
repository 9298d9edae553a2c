"""A daily copy of the tables by AWS Backup, in a vault of its own and, where one is named, in a vault elsewhere.

Point-in-time recovery lives and dies with the account and the region; a copy in another account outlives both. The
bucket is not copied: AWS Backup asks for its versions, and then an erasure would not erase.
"""

from __future__ import annotations

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_backup as backup
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.environments import Environment
from infra.environments.sections import Backup
from infra.names import TABLES
from infra.resources.acknowledgment import acknowledge
from infra.resources.tables import removal

POLICY: Final = "service-role/AWSBackupServiceRolePolicyForBackup"
START: Final = events.Schedule.cron(hour="2", minute="30")  # UTC, after the day's ledger


class TableBackups(Construct):
    def __init__(self, scope: Construct, environment: Environment, settings: Backup, key: kms.IKey) -> None:
        super().__init__(scope, "Backups")
        vault = backup.BackupVault(
            self,
            "Vault",
            backup_vault_name=environment.names.prefix,
            encryption_key=key,
            removal_policy=removal(protected=environment.data.protected),
        )
        plan = backup.BackupPlan(self, "Plan", backup_plan_name=environment.names.prefix, backup_vault=vault)
        plan.add_rule(
            backup.BackupPlanRule(
                rule_name="daily",
                schedule_expression=START,
                delete_after=cdk.Duration.days(settings.keep_days),
                copy_actions=self._copies(settings),
            )
        )
        plan.add_selection(
            "Tables",
            backup_selection_name="tables",
            role=self._role(),
            resources=[backup.BackupResource.from_arn(environment.names.table_arn(table)) for table in TABLES],
        )

    def _copies(self, settings: Backup) -> list[backup.BackupPlanCopyActionProps]:
        if settings.copy_to is None:
            return []
        elsewhere = backup.BackupVault.from_backup_vault_arn(self, "Elsewhere", settings.copy_to)
        kept = cdk.Duration.days(settings.keep_days)
        return [backup.BackupPlanCopyActionProps(destination_backup_vault=elsewhere, delete_after=kept)]

    def _role(self) -> iam.Role:
        policy = iam.ManagedPolicy.from_aws_managed_policy_name(POLICY)
        principal = iam.ServicePrincipal("backup.amazonaws.com")
        role = iam.Role(self, "Role", assumed_by=principal, managed_policies=[policy])
        rule = f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{POLICY}]"
        acknowledge(role, rule, "AWS's own policy for this one purpose, which follows what the service needs")
        return role
