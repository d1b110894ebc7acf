using Candor.Doctor.Cloud;
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

    /// <summary>Whether a cluster is asked; false for a target group alone.</summary>
    public bool AsksCluster { get; init; } = true;

    /// <summary>Whether AWS is asked.</summary>
    public bool AsksAws { get; init; } = true;

    /// <summary>The target group that is asked about, or null for those that the cluster's bindings and the Plan name.</summary>
    public string? TargetGroupArn { get; init; }

    /// <summary>The program that asks AWS.</summary>
    public string AwsProgram { get; init; } = "aws";

    /// <summary>How long one question to AWS may take, tries and pages included.</summary>
    public TimeSpan AwsLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The AWS region, or null for the command's own.</summary>
    public string? Region { get; init; }

    /// <summary>The AWS profile, or null for the command's own.</summary>
    public string? Profile { get; init; }

    /// <summary>The endpoint of AWS, or null for the real one.</summary>
    public string? EndpointUrl { get; init; }
}

/// <summary>Why does a probe of this stack fail? Asks the cluster and the cloud that it was deployed to.</summary>
public static class StackDoctor
{
    /// <summary>Asks, and finds the cause. Reads only.</summary>
    public static async Task<Diagnosis> AskAsync(StackOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var expected = new Expectations
        {
            Plan = options.Plan,
            BalancerRanges = options.BalancerRanges,
            RangesSource = "the stack's config, candor:balancerSubnetCidrs"
        };
        var kubectl = new CommandRunner(options.KubectlProgram, new Dictionary<string, string>(), time);
        var @namespace = options is { AsksCluster: true, TargetGroupArn: { } bound, Plan: null }
            ? await NamespaceAsync(kubectl, options, bound, cancellationToken).ConfigureAwait(false) : options.Namespace;
        var (cluster, facts) = options.AsksCluster
            ? await ClusterDoctor.AskAsync(kubectl, options.Context, @namespace, expected, options.Service, time, cancellationToken)
                .ConfigureAwait(false)
            : (new SideReport([], [], []), null);
        var (found, gaps, looked) = await CloudAsync(options, facts, time, cancellationToken).ConfigureAwait(false);
        var report = facts is null ? cluster with { Findings = Diagnosis.InOrder(found.Select(match => match.Finding)), Path = CloudPath }
            : ClusterDoctor.Diagnose(facts, options.Service, found);
        var findings = report.Findings;
        var cause = findings.FirstOrDefault(finding => finding.Severity != Severity.Note);
        return new()
        {
            Subject = options.Subject,
            At = facts?.Now ?? time.GetUtcNow(),
            Cause = cause,
            Path = facts is null && looked.Count == 0 ? [] : report.Path(cause),
            Others = [.. findings.Where(finding => finding != cause && finding.Severity != Severity.Note)],
            Notes = [.. findings.Where(finding => finding.Severity == Severity.Note)],
            Looked = [.. cluster.Looked, .. looked],
            Gaps = [.. options.Gaps, .. cluster.Gaps, .. gaps],
        };
    }

    private static async Task<(IReadOnlyList<Match> Found, IReadOnlyList<Gap> Gaps,
        IReadOnlyList<string> Looked)> CloudAsync(StackOptions options, ClusterFacts? cluster, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var arns = options.TargetGroupArn is { } one ? [one] : cluster?.Bindings.Select(binding => binding["spec"]["targetGroupARN"].Text)
            .OfType<string>().Distinct().ToList() ?? [];
        var names = options.Plan?.Index.OfType(ResourceTypes.TargetGroup).Select(group => group.Inputs["name"].Text ?? group.Name).ToList()
            ?? [];
        if (!options.AsksAws || (arns.Count == 0 && names.Count == 0))
        {
            return ([], [], []);
        }

        using var aws = new AwsCommand(new(options.AwsProgram, AwsCommand.Environment(), time), options.Region, options.Profile,
            options.EndpointUrl, options.AwsLimit);
        var (matches, gaps, looked, _) = await CloudDoctor.AskAsync(aws, arns, names, cluster, time, cancellationToken)
            .ConfigureAwait(false);
        return (matches, gaps, looked);
    }

    /// <summary>The namespace of the binding that fills a target group; without one, the one that was given.</summary>
    private static async Task<string> NamespaceAsync(CommandRunner kubectl, StackOptions options, string arn,
        CancellationToken cancellationToken)
    {
        string? found = null;
        List<string> arguments = ["get", "targetgroupbindings", "--all-namespaces", "-o", "json"];
        if (options.Context is { } context)
        {
            arguments.AddRange(["--context", context]);
        }

        await kubectl.RunAsync(
            arguments, Kubectl.Limit,
            (stream, stop) => new ItemReader("items")
                .ReadAsync(stream, binding => found = binding["spec"]["targetGroupARN"].Text == arn ? binding["metadata"]["namespace"].Text
                : found, stop),
            cancellationToken).ConfigureAwait(false);
        return found ?? options.Namespace;
    }

    /// <summary>The path as far as AWS alone shows it.</summary>
    private static IReadOnlyList<StepMark> CloudPath(Finding? cause) => [.. Enum.GetValues<PathStep>().Select(step => new StepMark(
        step, cause is null ? step <= PathStep.Answer ? Mark.Passed : Mark.Unknown : step < cause.Step ? step == PathStep.Balancer
            ? Mark.Passed : Mark.Unknown : step == cause.Step ? Mark.Broken : Mark.NotReached))];
}
