"""The way of one call, from the webhook to the lead: the API's routes, five functions, two queues and a clock.

Nothing here holds anything that cannot be made again: this stack may be destroyed any day. It reads from left to right
as the call travels.
"""

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.environments import HTTPS_PORT, Environment
from infra.names import QUEUES, STEPS, QueueName, Step
from infra.resources.api import Api
from infra.resources.deployment_settings import DeploymentSettings
from infra.resources.function import StepFunction, Subnets
from infra.resources.function_environment import variables
from infra.resources.layers import Layers
from infra.resources.permissions import grants
from infra.resources.queue import WorkQueue
from infra.resources.rest_api import RestApi
from infra.resources.schedule import ReconciliationSchedules
from infra.stacks.api import ApiStack
from infra.stacks.base import PostcallStack


class PipelineStack(PostcallStack):
    def __init__(
        self, scope: Construct, environment: Environment, vpc: ec2.IVpc | None, key: kms.IKey, api: ApiStack
    ) -> None:
        super().__init__(
            scope,
            "pipeline",
            environment,
            description="Postcall: webhook, analysis, dispatch, operations, reconciliation",
            protected=False,
        )
        self._environment = environment
        self._key_arn = key.key_arn
        self._layers = Layers(self, environment)
        self._settings = DeploymentSettings(self, environment)
        self.queues = {
            "analysis": WorkQueue(self, "analysis", environment, environment.analysis_retry),
            "dispatch": WorkQueue(self, "dispatch", environment, environment.dispatch_retry),
        }
        outside = self._subnets(vpc)
        functions = {step: self._function(step, outside if step == "dispatch" else None) for step in STEPS}
        self.api = self._api(api, functions)
        queues = environment.queues
        self._consume("analysis", functions["analysis"], queues.analysis_concurrency, batch=queues.analysis_batch)
        self._consume("dispatch", functions["dispatch"], environment.dispatch.dispatch_concurrency, batch=1)
        ReconciliationSchedules(self, environment, functions["reconciliation"])
        self._outputs()

    def _api(self, stack: ApiStack, functions: dict[Step, lambda_.IFunction]) -> Api | RestApi:
        if stack.rest_api is not None:
            return RestApi(self, self._environment, functions, stack.rest_api, stack.domain)
        if stack.http_api is None:
            raise AssertionError  # the stack holds one of the two
        return Api(self, self._environment, functions, stack.http_api, stack.domain)

    def _function(self, step: Step, subnets: Subnets | None) -> lambda_.IFunction:
        urls = {name: self.queues[name].queue.queue_url for name in QUEUES}
        dead_letters = {name: self.queues[name].dead_letters.queue_url for name in QUEUES}
        return StepFunction(
            self,
            step,
            self._environment,
            layers=self._layers,
            variables=self._settings.applied_to(variables(step, self._environment, urls, dead_letters)),
            grants=grants(step, self._environment.names, self._key_arn),
            subnets=subnets,
        ).invoked

    def _consume(self, name: QueueName, function: lambda_.IFunction, concurrency: int, *, batch: int) -> None:
        """Leads one at a time: each costs seconds, and a batch's slowest would hide the others' answers."""
        function.add_event_source_mapping(
            "Messages",
            event_source_arn=self.queues[name].queue.queue_arn,
            batch_size=batch,
            max_concurrency=concurrency,
            report_batch_item_failures=True,
        )

    def _subnets(self, vpc: ec2.IVpc | None) -> Subnets:
        """The private subnets of our own network, or those that the environment names."""
        if vpc is not None:
            private = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
            return Subnets(vpc, private, self._firewall(vpc))
        given = self._environment.network
        zones = list(self._environment.availability_zones)
        named = ec2.Vpc.from_vpc_attributes(self, "Vpc", vpc_id=str(given.vpc_id), availability_zones=zones)
        subnets = [ec2.Subnet.from_subnet_id(self, each, each) for each in given.subnet_ids]
        return Subnets(named, ec2.SubnetSelection(subnets=subnets), self._firewall(named))

    def _firewall(self, vpc: ec2.IVpc) -> ec2.SecurityGroup:
        group = ec2.SecurityGroup(
            self,
            "DispatchFirewall",
            vpc=vpc,
            description="Dispatch: nothing in; out to AWS and to the CRM",
            allow_all_outbound=False,
        )
        for port in sorted({HTTPS_PORT, self._environment.crm_port}):
            group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(port), f"TLS on {port}")
        return group

    def _outputs(self) -> None:
        queues = self.queues
        for name in QUEUES:
            self.output(f"{name.capitalize()}QueueUrl", queues[name].queue.queue_url, f"The {name} queue")
            self.output(
                f"{name.capitalize()}DeadLettersUrl", queues[name].dead_letters.queue_url, f"The dead letters of {name}"
            )
