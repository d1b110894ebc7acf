using Candor.Doctor.Cluster;
using Candor.Doctor.Commands;
using Candor.Doctor.Model;
using Candor.Planning;

namespace Candor.Doctor;

/// <summary>Where a deployed stack is looked for.</summary>
public sealed record StackOptions
{
    /// <summary>What is looked at, for the headline.</summary>
    public required string Subject { get; init; }

    /// <summary>The namespace that the stack deploys to.</summary>
    public required string Namespace { get; init; }

    /// <summary>The kubeconfig's context, or null for the current one.</summary>
    public string? Context { get; init; }

    /// <summary>Only this service, or null for all.</summary>
    public string? Service { get; init; }

    /// <summary>What the stack declares, or null when that is not known.</summary>
    public Plan? Plan { get; init; }

    /// <summary>The address ranges of the balancer's subnets, from the stack's config.</summary>
    public IReadOnlyList<string> BalancerRanges { get; init; } = [];

    /// <summary>What could not be had before anything was asked.</summary>
    public IReadOnlyList<Gap> Gaps { get; init; } = [];

    /// <summary>The program that asks the cluster.</summary>
    public string KubectlProgram { get; init; } = "kubectl";
}

/// <summary>Why does a probe of this stack fail? Asks the cluster that it was deployed to.</summary>
public static class StackDoctor
{
    /// <summary>Asks, and finds the cause. Reads only.</summary>
    public static async Task<Diagnosis> AskAsync(StackOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var expected = new Expectations { Plan = options.Plan, BalancerRanges = options.BalancerRanges, RangesSource = "the stack's config, candor:balancerSubnetCidrs" };
        var kubectl = new CommandRunner(options.KubectlProgram, new Dictionary<string, string>(), time);
        var (cluster, facts) = await ClusterDoctor.AskAsync(kubectl, options.Context, options.Namespace, expected, options.Service, time, cancellationToken).ConfigureAwait(false);
        var findings = Diagnosis.InOrder(cluster.Findings);
        var cause = findings.FirstOrDefault(finding => finding.Severity != Severity.Note);
        return new()
        {
            Subject = options.Subject,
            At = facts?.Now ?? time.GetUtcNow(),
            Cause = cause,
            Path = cluster.Path(cause),
            Others = [.. findings.Where(finding => finding != cause && finding.Severity != Severity.Note)],
            Notes = [.. findings.Where(finding => finding.Severity == Severity.Note)],
            Looked = cluster.Looked,
            Gaps = [.. options.Gaps, .. cluster.Gaps],
        };
    }
}
