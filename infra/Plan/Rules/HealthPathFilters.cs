using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>HC005: what stands between a prober and the health path.</summary>
internal sealed class HealthPathFilters : RuleFamily
{
    internal static readonly Rule Plain = new()
    {
        Id = "HC005",
        Severity = Severity.Error,
        Holds = "no redirect, authentication or host filter stands before a health path",
        Why = "The prober gets a redirect, a login page or 400 from an app that is fine, or takes a login page for health.",
        Fix = "Exempt the health paths.",
        Example = "AllowedHosts is \"orders.example.com\", expected * or no host filter, because the balancer asks by address",
    };

    /// <summary>What a redirect or a login page answers.</summary>
    private static readonly int[] FilterCodes = [301, 302, 303, 307, 308, 401, 403];

    private static readonly string[] AuthAnnotations =
    [
        "nginx.ingress.kubernetes.io/auth-url", "nginx.ingress.kubernetes.io/auth-type",
        "nginx.ingress.kubernetes.io/whitelist-source-range", "nginx.ingress.kubernetes.io/permanent-redirect", "nginx.ingress.kubernetes.io/temporal-redirect",
    ];

    /// <inheritdoc />
    public override string Title => "Filters before the health path";

    /// <inheritdoc />
    public override string Reads =>
        "environment and probes of pods, matchers of target groups, annotations of ingress-nginx, listeners and their rules, blackbox `Probe`s";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Plain];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        foreach (var container in scope.Serving)
        {
            CheckHosts(scope, container, findings);
            CheckRedirect(container, findings);
            CheckHeaders(container, findings);
        }

        foreach (var route in scope.Routes)
        {
            CheckMatcher(route, findings);
            CheckIngress(route, findings);
        }

        ListenerFilters.Check(scope, findings);
    }

    private static void CheckHosts(LintScope scope, Container container, FindingList findings)
    {
        if (Setting(container, "AllowedHosts") is not var (property, value) || PlanValueReading.IsUnknown(value))
        {
            return;
        }

        var hosts = value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (hosts.Length == 0 || hosts.Contains("*"))
        {
            return;
        }

        var balancer = scope.Routes.FirstOrDefault(route => route.Container == container && route.Probe is { IsHttp: true })?.Probe?.Resource.Name;
        var kubelet = container.Probes.FirstOrDefault(probe => probe.IsHttp && !AsksFor(probe, hosts));
        if (balancer is not null || kubelet is not null)
        {
            findings.Add(Plain, container.Workload.Resource, property, $"\"{value}\"",
                $"* or no host filter, because {(balancer is null ? $"the {kubelet!.Kind}" : $"the balancer ({balancer})")} asks by address", "Set AllowedHosts to *; filter hosts at the balancer.");
        }
    }

    private static bool AsksFor(Probe probe, string[] hosts) =>
        probe.Value["httpGet"]["httpHeaders"].Items.Any(header =>
            "Host".Equals(header["name"].Text, StringComparison.OrdinalIgnoreCase) && (header["value"].IsUnknown() || hosts.Contains(header["value"].Text, StringComparer.OrdinalIgnoreCase)));

    // The only thing that reads this setting is the HTTPS redirection.
    private static void CheckRedirect(Container container, FindingList findings)
    {
        foreach (var name in new[] { "ASPNETCORE_HTTPS_PORT", "HTTPS_PORT" })
        {
            if (container.Workload.Contract is null && Setting(container, name) is var (property, value) && container.Probes.Any(probe => probe.IsHttp && probe.Value["httpGet"]["scheme"].Text is null or "HTTP"))
            {
                findings.Add(Plain, container.Workload.Resource, property, $"\"{value}\"", "not set, because the probes ask over HTTP and would be redirected to HTTPS", "Let the balancer redirect, or exempt the health paths.");
            }
        }
    }

    private static void CheckHeaders(Container container, FindingList findings)
    {
        foreach (var probe in container.Probes)
        {
            // A Cookie is mostly a marker that keeps probes out of the sessions that are counted; it says nothing of a login.
            var headers = probe.Value["httpGet"]["httpHeaders"].Items.ToList();
            var i = headers.FindIndex(header => "Authorization".Equals(header["name"].Text, StringComparison.OrdinalIgnoreCase));
            if (i >= 0)
            {
                findings.Add(Plain, probe.Resource, $"{probe.Path}.httpGet.httpHeaders[{i}]", $"the header {headers[i]["name"].Text}", "a health path that needs no credentials", "Exempt the health paths from authentication.");
            }
        }
    }

    private static void CheckMatcher(Route route, FindingList findings)
    {
        // With a contract, HC004 compares the codes.
        if (route is { Contract: null, Probe: { IsHttp: true, Matcher: { } matcher } } && StatusCodes.TryParse(matcher.Value.Known(), out var codes)
            && FilterCodes.FirstOrDefault(codes.Contains) is > 0 and var code)
        {
            findings.Add(Plain, matcher.Resource, matcher.Path, matcher.Value.Shown(), $"codes without {code}, which a redirect or a login page answers", "Set the matcher to 200 and exempt the health path.");
        }
    }

    private static void CheckIngress(Route route, FindingList findings)
    {
        if (route is not { Ingress: { } ingress, Container: { } container })
        {
            return;
        }

        var annotation = AuthAnnotations.FirstOrDefault(name => ingress.Inputs["metadata"]["annotations"][name].Exists);
        var asked = container.Probes.Select(probe => probe.HttpPath).OfType<string>().Select(HealthEndpoint.PathOf).ToHashSet(StringComparer.Ordinal);
        var path = ingress.Inputs["spec"]["rules"].Items.SelectMany(rule => rule["http"]["paths"].Items).Select(entry => entry["path"].Text).FirstOrDefault(found => found is not null && asked.Contains(found));
        if (annotation is not null && path is not null)
        {
            findings.Add(Plain, ingress, $"metadata.annotations[\"{annotation}\"]", $"a filter before \"{path}\"", "none on a health path", "Route the health path in an Ingress of its own, without the annotation.");
        }
    }

    /// <summary>An environment variable that is read as a setting, whatever its case.</summary>
    private static (string Property, string Value)? Setting(Container container, string name)
    {
        foreach (var (key, value) in container.Workload.Plan.Environment(container.Workload.Resource, container.Value))
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return ($"{container.Path}.env[\"{key}\"]", value);
            }
        }

        return null;
    }
}
