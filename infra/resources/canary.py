"""A new version of a step at a tenth of its calls first; where an alarm rings meanwhile, the deployment takes it back.

CloudFormation waits for CodeDeploy, and rolls the whole update back with it. The alarms are named, not imported: they
lie in a stack that comes after this one, and on a first deployment there is nothing to compare with.
"""

from __future__ import annotations

from typing import Final

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.environments import Environment
from infra.environments.sections import Canary
from infra.names import Step
from infra.resources.acknowledgment import acknowledge

CONFIGURATIONS: Final = {
    5: codedeploy.LambdaDeploymentConfig.CANARY_10_PERCENT_5_MINUTES,
    10: codedeploy.LambdaDeploymentConfig.CANARY_10_PERCENT_10_MINUTES,
    15: codedeploy.LambdaDeploymentConfig.CANARY_10_PERCENT_15_MINUTES,
    30: codedeploy.LambdaDeploymentConfig.CANARY_10_PERCENT_30_MINUTES,
}
POLICY: Final = "service-role/AWSCodeDeployRoleForLambdaLimited"


class CanaryDeployment(Construct):
    def __init__(
        self, scope: Construct, step: Step, environment: Environment, settings: Canary, live: lambda_.Alias
    ) -> None:
        super().__init__(scope, "Canary")
        names = environment.names
        arns = [names.alarm_arn(word) for word in ("api-5xx", f"{step}-errors")]
        group = codedeploy.LambdaDeploymentGroup(
            self,
            "Group",
            alias=live,
            deployment_config=CONFIGURATIONS[settings.minutes],
            alarms=[cloudwatch.Alarm.from_alarm_arn(self, arn.rsplit(":", 1)[1], arn) for arn in arns],
            ignore_poll_alarms_failure=True,
            auto_rollback=codedeploy.AutoRollbackConfig(deployment_in_alarm=True, failed_deployment=True),
        )
        rule = f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{POLICY}]"
        acknowledge(group, rule, "AWS's own policy for this one purpose")
