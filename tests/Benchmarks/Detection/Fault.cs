using Candor.EndToEnd.Tests.Stack;
using Candor.Local;

namespace Candor.Benchmarks.Detection;

/// <summary>Something that goes wrong with one replica, and how it is made good again.</summary>
internal abstract record Fault(string Name)
{
    public static IReadOnlyList<Fault> All { get; } = [new Crash(), new Hang(), new Unready(), new SilentNetwork()];

    /// <summary>Whether it can be made here.</summary>
    public virtual bool IsPossible => true;

    public abstract Task InjectAsync(RunningStack stack, LocalPod pod);

    public virtual Task RepairAsync(RunningStack stack, LocalPod pod) => Task.CompletedTask;

    /// <summary>
    /// A new pod instead of the bad one: a container that ends again and again would be held back longer each time, up to five minutes.
    /// Of two, the one that is not ready goes first.
    /// </summary>
    private static async Task ReplaceAsync(RunningStack stack, LocalPod pod)
    {
        await stack.Client.ScaleAsync(1, "orders");
        await stack.UntilAsync(status => status.Pods.All(p => p.Name != pod.Name), $"{pod.Name} is gone");
        await stack.Client.ScaleAsync(2, "orders");
    }

    /// <summary>The process is gone.</summary>
    private sealed record Crash() : Fault("crash")
    {
        public override Task InjectAsync(RunningStack stack, LocalPod pod)
        {
            Signals.Send(pod.ProcessId!.Value, Signal.Kill);
            return Task.CompletedTask;
        }

        public override Task RepairAsync(RunningStack stack, LocalPod pod) => ReplaceAsync(stack, pod);
    }

    /// <summary>The process is there and does nothing; the kernel still takes connections for it.</summary>
    private sealed record Hang() : Fault("hang")
    {
        public override Task InjectAsync(RunningStack stack, LocalPod pod)
        {
            Signals.Send(pod.ProcessId!.Value, Signal.Stop);
            return Task.CompletedTask;
        }

        public override Task RepairAsync(RunningStack stack, LocalPod pod)
        {
            Signals.Send(pod.ProcessId!.Value, Signal.Continue);
            return Task.CompletedTask;
        }
    }

    /// <summary>It says itself that it should get no requests, and serves on.</summary>
    private sealed record Unready() : Fault("503")
    {
        public override async Task InjectAsync(RunningStack stack, LocalPod pod) => await stack.Client.DrainAsync(pod.Name);

        /// <summary>A drained process does not come back; its successor does.</summary>
        public override Task RepairAsync(RunningStack stack, LocalPod pod)
        {
            Signals.Send(pod.ProcessId!.Value, Signal.Kill);
            return ReplaceAsync(stack, pod);
        }
    }

    /// <summary>Every packet to its port is dropped; needs root.</summary>
    private sealed record SilentNetwork() : Fault("silent network")
    {
        public override bool IsPossible => Environment.IsPrivilegedProcess && SystemPrograms.Find("nft") is not null;

        public override Task InjectAsync(RunningStack stack, LocalPod pod) => NftAsync(
            $"add table inet {Table(pod)}; add chain inet {Table(pod)} input {{ type filter hook input priority 0; }}; "
            + $"add rule inet {Table(pod)} input ip daddr {pod.Address} tcp dport 8080 drop");

        public override Task RepairAsync(RunningStack stack, LocalPod pod) => NftAsync($"delete table inet {Table(pod)}");

        private static string Table(LocalPod pod) => $"candor_bench_{pod.Address.Replace('.', '_')}";

        private static async Task NftAsync(string rules)
        {
            var start = new ProcessStart
            {
                Program = SystemPrograms.Require("nft"),
                Arguments = [rules],
                Environment = new Dictionary<string, string> { ["PATH"] = SystemPrograms.DefaultPath },
            };
            var (exitCode, output) = await Command.RunAsync(start, null, CancellationToken.None);
            if (exitCode != 0)
            {
                throw new LocalException($"nft refused: {output}");
            }
        }
    }
}
