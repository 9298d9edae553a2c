"""The web application firewall before a REST API: who may send webhooks, how many requests one address may make, and
AWS's common rules.

ElevenLabs never repeats a webhook that was refused with 403, so a false alarm would lose a call: the rules that judge a
body only count (a transcript may hold any text, and its signature proves where it comes from), and too many requests
are answered with 429, which ElevenLabs does repeat.
"""

from typing import Final

from aws_cdk import aws_logs as logs
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from functions.intake.senders import PUBLISHED
from infra.environments import Environment
from infra.environments.sections import Firewall
from infra.resources.function import retention
from infra.resources.tables import removal

Rule = waf.CfnWebACL.RuleProperty
Statement = waf.CfnWebACL.StatementProperty

WEBHOOK_RULE: Final = "WebhookFromUnknownSender"
WEBHOOK_FOLDER: Final = "/webhooks/"  # the path begins with the stage's name, or not, behind a domain of one's own
COMMON_RULES: Final = "AWSManagedRulesCommonRuleSet"
# SizeRestrictions_BODY stops at 8 KB, a call has 60; the others look for markup, addresses and paths in any text.
COUNTED_ONLY: Final = (
    "SizeRestrictions_BODY",
    "CrossSiteScripting_BODY",
    "EC2MetaDataSSRF_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "NoUserAgent_HEADER",
)
NOT_LOGGED: Final = ("authorization", "elevenlabs-signature")


class WebAcl(Construct):
    def __init__(self, scope: Construct, environment: Environment, firewall: Firewall, stage_arn: str) -> None:
        super().__init__(scope, "Firewall")
        self._name = environment.names.prefix
        rules = [self._rate(firewall), self._common()]
        if firewall.webhook_only_from is not None:
            rules.insert(0, self._known_senders(firewall))
        acl = waf.CfnWebACL(
            self,
            "Acl",
            name=self._name,
            scope="REGIONAL",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_measured(self._name),
            rules=rules,
        )
        waf.CfnWebACLAssociation(self, "Association", resource_arn=stage_arn, web_acl_arn=acl.attr_arn)
        self._log_what_is_stopped(environment, firewall, acl)

    def _known_senders(self, firewall: Firewall) -> Rule:
        addresses = waf.CfnIPSet(
            self,
            "Senders",
            name=f"{self._name}-webhook-senders",
            scope="REGIONAL",
            ip_address_version="IPV4",
            addresses=[*PUBLISHED[firewall.webhook_only_from or ""], *map(str, firewall.and_from)],
        )
        reference = waf.CfnWebACL.IPSetReferenceStatementProperty(arn=addresses.attr_arn)
        known = Statement(ip_set_reference_statement=reference)
        stranger = Statement(not_statement=waf.CfnWebACL.NotStatementProperty(statement=known))
        both = waf.CfnWebACL.AndStatementProperty(statements=[_to_the_webhook(), stranger])
        return Rule(
            name=WEBHOOK_RULE,
            priority=0,
            statement=Statement(and_statement=both),
            action=waf.CfnWebACL.RuleActionProperty(block={}),
            visibility_config=_measured(WEBHOOK_RULE),
        )

    def _rate(self, firewall: Firewall) -> Rule:
        limit = waf.CfnWebACL.RateBasedStatementProperty(
            limit=firewall.requests_per_five_minutes, aggregate_key_type="IP", evaluation_window_sec=300
        )
        too_many = waf.CfnWebACL.CustomResponseProperty(response_code=429)
        return Rule(
            name="TooManyFromOneAddress",
            priority=1,
            statement=Statement(rate_based_statement=limit),
            action=waf.CfnWebACL.RuleActionProperty(block=waf.CfnWebACL.BlockActionProperty(custom_response=too_many)),
            visibility_config=_measured("TooManyFromOneAddress"),
        )

    def _common(self) -> Rule:
        count = waf.CfnWebACL.RuleActionProperty(count={})
        group = waf.CfnWebACL.ManagedRuleGroupStatementProperty(
            vendor_name="AWS",
            name=COMMON_RULES,
            rule_action_overrides=[
                waf.CfnWebACL.RuleActionOverrideProperty(name=each, action_to_use=count) for each in COUNTED_ONLY
            ],
        )
        return Rule(
            name=COMMON_RULES,
            priority=2,
            statement=Statement(managed_rule_group_statement=group),
            override_action=waf.CfnWebACL.OverrideActionProperty(none={}),
            visibility_config=_measured(COMMON_RULES),
        )

    def _log_what_is_stopped(self, environment: Environment, firewall: Firewall, acl: waf.CfnWebACL) -> None:
        """Without the headers that prove who one is; a request that passes is in the API's own log."""
        log_group = logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"aws-waf-logs-{self._name}",  # WAF takes this prefix only
            retention=retention(firewall.log_days),
            removal_policy=removal(protected=environment.data.protected),
        )
        waf.CfnLoggingConfiguration(
            self,
            "Logging",
            resource_arn=acl.attr_arn,
            log_destination_configs=[
                f"arn:aws:logs:{environment.region}:{environment.account}:log-group:{log_group.log_group_name}"
            ],
            redacted_fields=[
                waf.CfnLoggingConfiguration.FieldToMatchProperty(single_header={"Name": name}) for name in NOT_LOGGED
            ],
            logging_filter={
                "DefaultBehavior": "DROP",
                "Filters": [
                    {
                        "Behavior": "KEEP",
                        "Requirement": "MEETS_ANY",
                        "Conditions": [{"ActionCondition": {"Action": name}} for name in ("BLOCK", "COUNT")],
                    }
                ],
            },
        )


def _to_the_webhook() -> Statement:
    return Statement(
        byte_match_statement=waf.CfnWebACL.ByteMatchStatementProperty(
            search_string=WEBHOOK_FOLDER,
            positional_constraint="CONTAINS",
            field_to_match=waf.CfnWebACL.FieldToMatchProperty(uri_path={}),
            text_transformations=[waf.CfnWebACL.TextTransformationProperty(priority=0, type="URL_DECODE")],
        )
    )


def _measured(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    """Counted in CloudWatch under this name; samples would show headers to everybody who may look."""
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
