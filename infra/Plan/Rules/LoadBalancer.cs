namespace Candor.Planning.Rules;

/// <summary>LB: the balancer's own settings.</summary>
internal sealed class LoadBalancer : RuleFamily
{
    internal static readonly Rule Redirect = new()
    {
        Id = "LB001",
        Severity = Severity.Error,
        WithoutContract = Severity.Warning,
        Holds = "HTTP listeners redirect to HTTPS",
        Why = "Users' requests and sessions would cross the network in the clear.",
        Fix = "Let the HTTP listener redirect to HTTPS; for that, give the stack a certificate.",
        Example = "defaultActions[0].type is \"forward\", expected a redirect to HTTPS",
        Counterparts = new(Checkov: "CKV_AWS_2, CKV_AWS_103, CKV2_AWS_20"),
    };

    internal static readonly Rule Tls = new()
    {
        Id = "LB002",
        Severity = Severity.Error,
        WithoutContract = Severity.Warning,
        Holds = "HTTPS listeners have a policy of TLS 1.2 or later",
        Why = "The default policy still accepts TLS 1.0.",
        Fix = "Use ELBSecurityPolicy-TLS13-1-2-Res-2021-06 or later.",
        Example = "sslPolicy is \"ELBSecurityPolicy-2016-08\", expected a policy of TLS 1.2 or later",
        Counterparts = new(Checkov: "CKV_AWS_103"),
    };

    internal static readonly Rule Logs = new()
    {
        Id = "LB003",
        Severity = Severity.Warning,
        WithoutContract = Severity.Note,
        Holds = "access logs are on",
        Why = "It would be unknown which target answered a failed request.",
        Fix = "Set accessLogs.bucket and accessLogs.enabled.",
        Example = "accessLogs.enabled is not set, expected true",
        Counterparts = new(Checkov: "CKV_AWS_91"),
    };

    internal static readonly Rule Deletion = new()
    {
        Id = "LB004",
        Severity = Severity.Warning,
        WithoutContract = Severity.Note,
        Holds = "deletion protection is on",
        Why = "A slip in the program or the console would take away the address that users know.",
        Fix = "Set enableDeletionProtection.",
        Example = "enableDeletionProtection is not set, expected true",
        Counterparts = new(Checkov: "CKV_AWS_150"),
    };

    internal static readonly Rule Headers = new()
    {
        Id = "LB005",
        Severity = Severity.Error,
        WithoutContract = Severity.Note,
        Holds = "invalid headers are dropped and desync mitigation is on",
        Why = "A request that balancer and app read differently lets one user answer for another.",
        Fix = "Set dropInvalidHeaderFields to true and desyncMitigationMode to defensive or strictest.",
        Example = "dropInvalidHeaderFields is not set, expected true",
        Counterparts = new(Checkov: "CKV_AWS_131, CKV_AWS_328"),
    };

    internal static readonly Rule Firewall = new()
    {
        Id = "LB006",
        Severity = Severity.Warning,
        WithoutContract = Severity.Note,
        Holds = "a public application load balancer has a web ACL (AWS WAF) in front of it",
        Why = "Whatever the internet sends reaches the app: scanners, floods from one address and known attacks included.",
        Fix = "Associate a web ACL (candor:webAclArn), or waive the rule where something else filters.",
        Example = "webAclArn is not set, expected a web ACL in front of a balancer that everybody reaches",
        Counterparts = new(Checkov: "CKV2_AWS_28"),
    };

    /// <inheritdoc />
    public override string Title => "Load balancer";

    /// <inheritdoc />
    public override string Reads =>
        "`aws:lb/loadBalancer`, listeners, web ACL associations";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Redirect, Tls, Logs, Deletion, Headers, Firewall];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        foreach (var balancer in scope.OfType(ResourceTypes.LoadBalancer))
        {
            CheckBalancer(balancer, findings);
            CheckFirewall(scope, balancer, findings);
        }

        foreach (var listener in scope.OfType(ResourceTypes.Listener))
        {
            CheckListener(scope, listener, findings);
        }
    }

    private static void CheckBalancer(PlanResource balancer, FindingList findings)
    {
        Expect(Logs, "accessLogs.enabled", balancer.Inputs["accessLogs"].IsUnknown() ? balancer.Inputs["accessLogs"] : balancer.Inputs["accessLogs"]["enabled"]);
        Expect(Deletion, "enableDeletionProtection", balancer.Inputs["enableDeletionProtection"]);
        if (balancer.Inputs["loadBalancerType"].Text is not (null or "application"))
        {
            return;
        }

        Expect(Headers, "dropInvalidHeaderFields", balancer.Inputs["dropInvalidHeaderFields"]);
        if (balancer.Inputs["desyncMitigationMode"].Known() is { } mode && mode is not ("defensive" or "strictest"))
        {
            findings.Add(Headers, balancer, "desyncMitigationMode", $"\"{mode}\"", "\"defensive\" or \"strictest\"");
        }

        void Expect(Rule rule, string path, PlanValue value)
        {
            if (!value.IsUnknown() && value.Boolean != true)
            {
                findings.Add(rule, balancer, path, value.Shown(), "true");
            }
        }
    }

    private static void CheckFirewall(LintScope scope, PlanResource balancer, FindingList findings)
    {
        var inside = balancer.Inputs["internal"];
        if (balancer.Inputs["loadBalancerType"].Text is not (null or "application") || inside.IsUnknown() || inside.Boolean == true)
        {
            return;
        }

        var associated = scope.OfType(ResourceTypes.WebAclAssociation).Any(association =>
            association.Inputs["resourceArn"].IsUnknown()
            || association.Inputs["resourceArn"].Text is { } arn && (arn == balancer.Arn || arn == balancer.Id));
        if (!associated)
        {
            findings.Add(Firewall, balancer, "webAclArn", "not set", "a web ACL in front of a balancer that is not internal");
        }
    }

    private static void CheckListener(LintScope scope, PlanResource listener, FindingList findings)
    {
        var inputs = listener.Inputs;
        var protocol = inputs["protocol"].Known() ?? (inputs["protocol"].IsMissing() ? Default(inputs["port"].Whole()) : null);
        if (protocol is "HTTPS" or "TLS" && !inputs["sslPolicy"].IsUnknown() && !IsModern(inputs["sslPolicy"].Text))
        {
            findings.Add(Tls, listener, "sslPolicy", inputs["sslPolicy"].Shown(), "a policy of TLS 1.2 or later");
        }

        var isApplication = scope.Plan.BalancerOf(listener)?.Inputs["loadBalancerType"].Text is null or "application";
        if (protocol != "HTTP" || !isApplication || inputs["defaultActions"].IsUnknown())
        {
            return;
        }

        var actions = inputs["defaultActions"].Items.ToList();
        for (var i = 0; i < actions.Count; i++)
        {
            var redirect = actions[i]["redirect"];
            var path = $"defaultActions[{i}]";
            if (actions[i]["type"].Known() is { } type && type != "redirect" && type != "fixed-response")
            {
                findings.Add(Redirect, listener, $"{path}.type", $"\"{type}\"", "a redirect to HTTPS");
            }
            else if (actions[i]["type"].Text == "redirect" && redirect["protocol"].Known() is var to && !redirect["protocol"].IsUnknown() && to != "HTTPS")
            {
                findings.Add(Redirect, listener, $"{path}.redirect.protocol", redirect["protocol"].Shown(), "\"HTTPS\"");
            }
        }
    }

    private static string? Default(int? port) => port switch
    {
        80 => "HTTP",
        443 => "HTTPS",
        _ => null,
    };

    /// <summary>Whether the policy accepts nothing older than TLS 1.2, by AWS' naming of its policies.</summary>
    private static bool IsModern(string? policy) =>
        policy is not null
        && (policy.Contains("TLS13-1-2", StringComparison.Ordinal) || policy.Contains("TLS13-1-3", StringComparison.Ordinal)
            || policy.Contains("TLS-1-2", StringComparison.Ordinal) || policy.Contains("FS-1-2", StringComparison.Ordinal));
}
