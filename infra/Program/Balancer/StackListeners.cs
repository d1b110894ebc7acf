using Candor.Program.Common;
using Candor.Program.Config;
using Pulumi;
using Pulumi.Aws.LB;
using Pulumi.Aws.LB.Inputs;

namespace Candor.Program.Balancer;

/// <summary>The listeners: HTTP redirects where there is a certificate and serves where there is none; HTTPS serves.</summary>
public sealed class StackListeners
{
    private const int FirstPriority = 100;

    /// <summary>Makes the listeners and a rule for each further service.</summary>
    public StackListeners(
        StackConfig config, LoadBalancer balancer, Input<string>? certificate, IReadOnlyDictionary<string, TargetGroup> targets,
        Scope scope)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(balancer);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(scope);
        var main = targets[config.Main.Name];
        var serve = new ListenerDefaultActionArgs { Type = "forward", TargetGroupArn = main.Arn };
        var http = new Listener(
            "http",
            new()
            {
                LoadBalancerArn = balancer.Arn,
                Port = 80,
                Protocol = "HTTP",
                DefaultActions = { certificate is null ? serve : ToHttps() },
            },
            scope.Options());
        Serving = certificate is null ? http : Https(balancer, certificate, config.Edge.TlsPolicy, serve, scope);
        All = certificate is null ? [http] : [http, Serving];
        Rules = [
            .. config.Services.Skip(1).Select((service, index) => Route(service, targets[service.Name], FirstPriority + index, scope))];
    }

    /// <summary>The listener that forwards to the services.</summary>
    public Listener Serving { get; }

    /// <summary>Every listener.</summary>
    public IReadOnlyList<Listener> All { get; }

    /// <summary>The rules of the further services.</summary>
    public IReadOnlyList<ListenerRule> Rules { get; }

    private static ListenerDefaultActionArgs ToHttps() => new()
    {
        Type = "redirect",
        Redirect = new ListenerDefaultActionRedirectArgs { Protocol = "HTTPS", Port = "443", StatusCode = "HTTP_301" },
    };

    private static Listener Https(
        LoadBalancer balancer, Input<string> certificate, string policy, ListenerDefaultActionArgs serve, Scope scope) => new(
        "https",
        new()
        {
            LoadBalancerArn = balancer.Arn,
            Port = 443,
            Protocol = "HTTPS",
            SslPolicy = policy,
            CertificateArn = certificate,
            DefaultActions = { serve },
        },
        scope.Options());

    private ListenerRule Route(ServiceConfig service, TargetGroup target, int priority, Scope scope)
    {
        var rule = new ListenerRuleArgs
        {
            ListenerArn = Serving.Arn,
            Priority = priority,
            Actions = { new ListenerRuleActionArgs { Type = "forward", TargetGroupArn = target.Arn } },
        };
        if (!service.Hosts.IsEmpty)
        {
            rule.Conditions.Add(
                new ListenerRuleConditionArgs { HostHeader = new ListenerRuleConditionHostHeaderArgs { Values = service.Hosts } });
        }

        if (!service.Paths.IsEmpty)
        {
            rule.Conditions.Add(
                new ListenerRuleConditionArgs { PathPattern = new ListenerRuleConditionPathPatternArgs { Values = service.Paths } });
        }

        return new(service.Name, rule, scope.Options());
    }
}
