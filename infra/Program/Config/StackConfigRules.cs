using System.Globalization;
using Candor.Contract;

namespace Candor.Program.Config;

/// <summary>What must hold between two keys of the configuration. One method per concern; each notes what it finds.</summary>
internal static class StackConfigRules
{
    /// <summary>
    /// For how long Google's balancers keep an idle connection
    /// (<see href="https://docs.cloud.google.com/load-balancing/docs/https#timeouts_and_retries">Google's documentation</see>).
    /// </summary>
    public static readonly TimeSpan GoogleKeepAlive = TimeSpan.FromMinutes(10);

    /// <summary>What an app behind them keeps it for, as Google recommends: longer, so that the balancer is the one who closes.</summary>
    public static readonly TimeSpan AboveGoogles = TimeSpan.FromSeconds(620);

    /// <summary>Notes everything that does not hold.</summary>
    public static void Check(StackConfig config, ConfigReader reader)
    {
        Images(config, reader);
        Scale(config, reader);
        Network(config, reader);
        Edge(config.Edge, config.Balancer, reader);
        Ingress(config, reader);
        GoogleIdleTimeout(config, reader);
        Services(config, reader);
        DependencyRules.Check(config, reader);
        Waivers(config, reader);
        Tags(config, reader);
        Database(config, reader);
    }

    private static void Images(StackConfig config, ConfigReader reader)
    {
        if (!config.IsProduction)
        {
            return;
        }

        foreach (var service in config.Services.Where(service => service.Image.Length > 0 && !TextForm.HasDigest(service.Image)))
        {
            reader.Add(new(
                $"{service.Key}image",
                $"\"{service.Image}\"",
                "an image with a digest (name@sha256:…) in a stack marked prod",
                "A tag can be moved to another image. Write the digest that was tested."));
        }
    }

    private static void Scale(StackConfig config, ConfigReader reader)
    {
        foreach (var service in config.Services.Where(service => service.Scale.Maximum <= service.Scale.Minimum))
        {
            reader.Add(new(
                $"{service.Key}maxReplicas",
                Text(service.Scale.Maximum),
                $"more than minReplicas ({service.Scale.Minimum})",
                "Raise maxReplicas, or lower minReplicas."));
        }

        foreach (var service in config.Services.Where(service => service.Contract.Routing.MinimumHealthyTargets > service.Scale.Minimum))
        {
            reader.Add(new(
                $"{service.Key}health.routing.minimumHealthyTargets",
                Text(service.Contract.Routing.MinimumHealthyTargets),
                $"at most minReplicas ({service.Scale.Minimum})",
                "The balancer would fail open although every pod is healthy. Lower it, or raise minReplicas."));
        }
    }

    private static void Network(StackConfig config, ConfigReader reader)
    {
        var network = config.Network;
        var ids = network.Stack is null;
        const string fix = "Set it, or name a stack whose outputs give it with candor:networkStack.";
        if (config.Balancer == BalancerKind.Alb)
        {
            Require(reader, !ids || network.VpcId.Length > 0, "vpcId", "the id of a VPC", fix);
            Require(reader, !ids || network.BalancerSubnetIds.Length >= 2, "balancerSubnetIds", "subnets in two zones or more", fix);
            Require(
                reader,
                network.BalancerSubnetCidrs.Length > 0,
                "balancerSubnetCidrs",
                "the address ranges of the balancer's subnets",
                "The NetworkPolicy admits them.");
        }
        else if (config.Dependencies.Mode == DependencyMode.Managed)
        {
            reader.Add(
                "dependencies",
                "managed",
                $"inCluster or external with candor:balancer {Written(config.Balancer)}",
                "Managed dependencies are AWS services beside an ALB.");
        }

        Require(reader, network.NodeCidrs.Length > 0, "nodeCidrs", "the address ranges of the nodes", "The kubelet probes from there.");
        if (config.Dependencies.Mode == DependencyMode.Managed)
        {
            Require(reader, !ids || network.PrivateSubnetIds.Length >= 2, "privateSubnetIds", "subnets in two zones or more", fix);
        }

        var outside = config.Dependencies.Mode != DependencyMode.InCluster
            || config.Services.SelectMany(service => service.Contract.Dependencies)
                .Any(dependency => !DependenciesConfig.Provides(dependency.Kind));
        Require(
            reader,
            !outside || network.DependencyCidrs.Length > 0,
            "dependencyCidrs",
            "the address ranges of the dependencies",
            "The NetworkPolicy lets the pods reach nothing else.");
    }

    private static void Edge(EdgeConfig edge, BalancerKind balancer, ConfigReader reader)
    {
        if (balancer == BalancerKind.Alb && edge.AllowedCidrs.IsEmpty && edge.AllowedPrefixLists.IsEmpty)
        {
            reader.Add(
                "allowedCidrs",
                null,
                "at least one address range, or candor:allowedPrefixLists",
                "Write 0.0.0.0/0 and ::/0 for a public service.");
        }

        if (edge.Zone is { } zone && edge.Domain is null)
        {
            reader.Add("domain", null, $"a name in the zone {zone}", "Set it, or remove candor:zone.");
        }
        else if (edge is { Zone: { } parent, Domain: { } domain }
            && domain != parent
            && !domain.EndsWith("." + parent, StringComparison.Ordinal))
        {
            reader.Add("domain", $"\"{domain}\"", $"a name in the zone {parent}", "Correct candor:domain or candor:zone.");
        }

        if (edge.SlowStart is > 0 and < 30)
        {
            reader.Add("slowStart", Text(edge.SlowStart), "0, or 30–900", "AWS accepts no shorter slow start.");
        }

        if (edge.SlowStart > 0 && edge.Algorithm != "round_robin")
        {
            reader.Add(
                "slowStart", Text(edge.SlowStart), $"0 with candor:algorithm {edge.Algorithm}", "Only round_robin has a slow start.");
        }

        if (edge.AnomalyMitigation && edge.Algorithm != "weighted_random")
        {
            reader.Add(
                "anomalyMitigation",
                "true",
                "candor:algorithm weighted_random",
                $"It is {edge.Algorithm}; only weighted_random can mitigate anomalies.");
        }
    }

    private static void Ingress(StackConfig config, ConfigReader reader)
    {
        if (config.Balancer == BalancerKind.Alb)
        {
            return;
        }

        Require(
            reader,
            config.Edge.Domain is not null,
            "domain",
            $"a host name with candor:balancer {Written(config.Balancer)}",
            "An Ingress leads from a host name to a service.");
        foreach (var path in config.Services.SelectMany(service => service.Paths).Where(
            path => path.TrimEnd('*').Contains('*', StringComparison.Ordinal)
                || (path.EndsWith('*') && !path.EndsWith("/*", StringComparison.Ordinal))))
        {
            reader.Add(
                "services",
                $"the path \"{path}\"",
                $"a path, or one that ends in /*, with candor:balancer {Written(config.Balancer)}",
                "An Ingress has prefixes only.");
        }
    }

    /// <summary>Google's balancers keep idle connections for a time of their own, which nobody can change.</summary>
    private static void GoogleIdleTimeout(StackConfig config, ConfigReader reader)
    {
        foreach (var service in config.Services.Where(
            service => config.Balancer == BalancerKind.Gke && service.Contract.Balancer.IdleTimeout != GoogleKeepAlive))
        {
            reader.Add(new(
                $"{service.Key}health.balancer.idleTimeout",
                DurationText.Format(service.Contract.Balancer.IdleTimeout),
                $"{DurationText.Format(GoogleKeepAlive)} with candor:balancer gke",
                "Google's balancers keep idle connections that long, and nobody can change it. Remove it from the overrides."));
        }
    }

    private static void Services(StackConfig config, ConfigReader reader)
    {
        foreach (var twice in config.Services.GroupBy(service => service.Name).Where(group => group.Count() > 1))
        {
            reader.Add(
                "services",
                $"{twice.Count()} services named \"{twice.Key}\"",
                "different names",
                $"Rename one; the main service is named {config.Main.Name} (candor:name).");
        }

        var taken = config.Services.SelectMany(service => service.Contract.Dependencies)
            .Select(dependency => dependency.Name)
            .Append("ingress")
            .ToHashSet(StringComparer.Ordinal);
        foreach (var service in config.Services.Where(service => taken.Contains(service.Name) || service.Name.EndsWith(
            "-management", StringComparison.Ordinal)))
        {
            reader.Add(new(
                $"{service.Key}name",
                $"\"{service.Name}\"",
                "a name that nothing else of the stack has",
                "Dependencies, the Ingress and the -management Services share the namespace. Rename the service."));
        }

        foreach (var service in config.Services.Skip(1).Where(service => service.Paths.IsEmpty && service.Hosts.IsEmpty))
        {
            reader.Add(new($"{service.Key}paths", null, "at least one path or host", "Without one, nothing leads to the service."));
        }

        // The limit of an ALB's rule: five values in all.
        foreach (var service in config.Services.Where(service => service.Paths.Length + service.Hosts.Length > 5))
        {
            reader.Add(new(
                $"{service.Key}paths",
                $"{service.Paths.Length + service.Hosts.Length} paths and hosts",
                "at most 5 together",
                "An ALB rule takes no more values."));
        }
    }

    // Where the server is ours, what it allows is proved here; where it is not, lint compares (DB001).
    private static void Database(StackConfig config, ConfigReader reader)
    {
        var mode = config.Dependencies.Mode;
        if (mode != DependencyMode.External && config.DatabaseDemand > 0
            && Invariants.ConnectionsFit(
                new("the connections of all pods of all services", config.DatabaseDemand),
                new($"{ConfigKeys.Namespace}:databaseMaxConnections", config.DatabaseMaximum)) is { } violation)
        {
            reader.Add("databaseMaxConnections", violation.Found, violation.Expected, $"{violation.Why} {violation.Fix}");
        }

        if (mode == DependencyMode.Managed && config.DatabaseDemand > 0 && ManagedCertificates.Of(config) is null)
        {
            reader.Add(
                "databaseCertificates",
                null,
                $"the root certificates (PEM) of RDS in {config.Providers.Region}",
                "The program does not know this region. They are listed at "
                    + "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html.");
        }
    }

    private static void Waivers(StackConfig config, ConfigReader reader)
    {
        foreach (var (rule, _) in config.Waivers.Where(waiver => string.IsNullOrWhiteSpace(waiver.Value)))
        {
            reader.Add(new($"candor:waive.{rule}", "\"\"", "a reason", "Give the reason why the rule does not apply to this stack."));
        }
    }

    private static void Tags(StackConfig config, ConfigReader reader)
    {
        foreach (var tag in config.Providers.Tags.Keys.Where(tag => tag.StartsWith(
            "candor:", StringComparison.Ordinal) || tag.StartsWith("aws:", StringComparison.Ordinal)))
        {
            reader.Add(new(
                $"{ConfigKeys.Namespace}:tags.{tag}",
                "a reserved tag",
                "a tag that begins with neither candor: nor aws:",
                "The program and AWS set those themselves. Rename it."));
        }
    }

    /// <summary>A choice as the stack file writes it.</summary>
    internal static string Written<T>(T choice)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(choice.ToString());

    private static void Require(ConfigReader reader, bool holds, string name, string expected, string fix)
    {
        if (!holds)
        {
            reader.Add(name, null, expected, fix);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
