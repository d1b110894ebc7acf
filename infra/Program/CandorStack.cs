using System.Collections.Immutable;
using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Dependencies;
using Candor.Program.Edges;
using Candor.Program.Prometheus;
using Candor.Program.Providers;
using Candor.Program.Workload;
using Pulumi;

namespace Candor.Program;

/// <summary>The whole stack, as a table of contents.</summary>
public sealed partial class CandorStack : Stack
{
    /// <summary>Declares the stack from its configuration.</summary>
    /// <exception cref="RunException">The configuration has problems; its cause is the <see cref="StackConfigException"/>.</exception>
    public CandorStack()
        : this(null)
    {
    }

    /// <summary>Like the other, with options such as transformations.</summary>
    /// <exception cref="RunException">The configuration has problems; its cause is the <see cref="StackConfigException"/>.</exception>
    public CandorStack(StackOptions? options)
        : base(options)
    {
        var config = ReadConfig();
        var network = new Network(config);
        var providers = new StackProviders(config, network);
        var space = new WorkloadSpace(config, providers.Kubernetes);

        var edge = PublicEdges.Of(config, network, providers, space);
        var dependencies = DependencySources.Of(config, network, providers, edge.Groups, space);
        var workloads = config.Services.Select(service => new ServiceWorkload(service, config, space, dependencies, edge.Attachment))
            .ToArray();
        edge.Complete(workloads);
        if (config.Watching.Prometheus)
        {
            _ = new StackMonitoring(config, space, edge.Url);
        }

        Beside(config, space, workloads);
        Url = edge.Url;
        TargetGroupArn = edge.TargetGroupArn;
        ContractHash = Output.Create(config.Main.Hash);
        Timeline = Output.Create(config.Main.Timeline.Rows.ToImmutableDictionary(row => row.Key, row => row.Window.ToString()));
    }

    /// <summary>Where users reach the main service.</summary>
    [Output("url")]
    public Output<string> Url { get; private set; }

    /// <summary>The target group of the main service; empty behind gke and nginx.</summary>
    [Output("targetGroupArn")]
    public Output<string> TargetGroupArn { get; private set; }

    /// <summary>The hash of the main service's contract; every health answer carries it.</summary>
    [Output("contractHash")]
    public Output<string> ContractHash { get; private set; }

    /// <summary>What the contract amounts to: by row, the soonest and the latest.</summary>
    [Output("timeline")]
    public Output<ImmutableDictionary<string, string>> Timeline { get; private set; }

    /// <summary>
    /// The way out: implement it in a file of your own (<c>partial class CandorStack</c>) to declare components beside ours. See
    /// docs/program.md.
    /// </summary>
    /// <param name="config">The stack's configuration.</param>
    /// <param name="space">The namespace, and the provider of the cluster.</param>
    /// <param name="workloads">The services, the main one first.</param>
    partial void Beside(StackConfig config, WorkloadSpace space, IReadOnlyList<ServiceWorkload> workloads);

    private static StackConfig ReadConfig()
    {
        try
        {
            return StackConfig.Read();
        }
        catch (StackConfigException exception)
        {
            // Pulumi prints the message of this one, and a stack trace of any other.
            throw new RunException(exception.Message, exception);
        }
    }
}
