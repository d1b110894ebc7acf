using System.Globalization;
using Candor.Local;

namespace Candor.Chaos.Injection;

/// <summary>The processes stand still.</summary>
/// <param name="Every">Every replica, or the victim alone.</param>
/// <param name="ForSeconds">How long, in the contract's time; 0 until it is undone.</param>
/// <param name="RealSeconds">How long whatever the speed; 0 when the contract's time counts.</param>
internal sealed record Pause(bool Every = false, double ForSeconds = 0, double RealSeconds = 0) : Inject
{
    public override string Undone => "SIGCONT";

    public override bool OutlivesStack => true;

    public override async Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        foreach (var pod in await site.TargetsAsync(Every, cancellationToken))
        {
            var process = pod.ProcessId!.Value;
            await site.RememberAsync(process.ToString(CultureInfo.InvariantCulture), ProcFs.StartTime(process)?.ToString(CultureInfo.InvariantCulture) ?? string.Empty);
            Signals.Send(process, Signal.Stop);
        }

        if (ForSeconds > 0 || RealSeconds > 0)
        {
            await Task.Delay(RealSeconds > 0 ? TimeSpan.FromSeconds(RealSeconds) : site.Scaled(TimeSpan.FromSeconds(ForSeconds)), site.Time, cancellationToken);
            await UndoAsync(site, cancellationToken);
        }
    }

    public override Task UndoAsync(Site site, CancellationToken cancellationToken)
    {
        // An id alone may be somebody else's by now.
        foreach (var (process, started) in site.Memory)
        {
            var id = int.Parse(process, CultureInfo.InvariantCulture);
            if (ProcFs.StartTime(id)?.ToString(CultureInfo.InvariantCulture) == started)
            {
                Signals.Send(id, Signal.Continue);
            }
        }

        return Task.CompletedTask;
    }
}

/// <summary>The victim's process is killed; the kubelet starts another.</summary>
internal sealed record KillProcess : Inject
{
    public override string Undone => "the kubelet starts it again";

    public override async Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        foreach (var pod in await site.TargetsAsync(every: false, cancellationToken))
        {
            Signals.Send(pod.ProcessId!.Value, Signal.Kill);
        }
    }

    public override Task UndoAsync(Site site, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>The victim may open no more descriptors than it has.</summary>
/// <param name="Left">How many more than it has open.</param>
internal sealed record Descriptors(int Left) : Inject
{
    public override string Undone => "prlimit with the limit as before";

    public override string? Impossible(Site site) => SystemPrograms.Find("prlimit") is null ? "prlimit is not installed (apt-get install util-linux)" : null;

    public override async Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        foreach (var pod in await site.TargetsAsync(every: false, cancellationToken))
        {
            var process = pod.ProcessId!.Value.ToString(CultureInfo.InvariantCulture);
            var before = (await HostCommand.RunAsync("prlimit", ["--pid", process, "--nofile", "--noheadings", "--raw", "--output", "SOFT,HARD"], cancellationToken))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            await site.RememberAsync(process, string.Join(':', before));
            // A descriptor has to be below the limit; those in use are not closed by it.
            var highest = Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)).Max();
            await HostCommand.RunAsync("prlimit", ["--pid", process, string.Create(CultureInfo.InvariantCulture, $"--nofile={highest + 1 + Left}:{before[^1]}")], cancellationToken);
        }
    }

    public override async Task UndoAsync(Site site, CancellationToken cancellationToken)
    {
        foreach (var (process, limits) in site.Memory.Where(one => Directory.Exists($"/proc/{one.Key}")))
        {
            await HostCommand.RunAsync("prlimit", ["--pid", process, $"--nofile={limits}"], cancellationToken);
        }
    }
}

/// <summary>The victim gets a share of one processor only, by a control group.</summary>
/// <param name="Percent">Of one processor.</param>
internal sealed record Processor(int Percent) : Inject
{
    private const string Version1 = "/sys/fs/cgroup/cpu";
    private const string Version2 = "/sys/fs/cgroup";
    private const int Period = 100_000;

    public override string Undone => "the control group is removed";

    public override bool OutlivesStack => true;

    public override string? Impossible(Site site) =>
        !Environment.IsPrivilegedProcess ? "a control group needs root"
        : File.Exists($"{Version1}/cpu.cfs_quota_us") || (File.Exists($"{Version2}/cgroup.controllers") && File.ReadAllText($"{Version2}/cgroup.controllers").Contains("cpu", StringComparison.Ordinal)) ? null
        : "this machine has no control group for processors";

    public override async Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        var old = Directory.Exists(Version1) && File.Exists($"{Version1}/cpu.cfs_quota_us");
        var folder = $"{(old ? Version1 : Version2)}/candor-chaos-{Environment.ProcessId}";
        await site.RememberAsync("folder", folder);
        Directory.CreateDirectory(folder);
        var quota = (Period / 100 * Percent).ToString(CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(old ? $"{folder}/cpu.cfs_quota_us" : $"{folder}/cpu.max", old ? quota : $"{quota} {Period}", cancellationToken);
        foreach (var pod in await site.TargetsAsync(every: false, cancellationToken))
        {
            await File.WriteAllTextAsync($"{folder}/cgroup.procs", pod.ProcessId!.Value.ToString(CultureInfo.InvariantCulture), cancellationToken);
        }
    }

    public override async Task UndoAsync(Site site, CancellationToken cancellationToken)
    {
        if (site.Remembered("folder") is not { } folder || !Directory.Exists(folder))
        {
            return;
        }

        var parent = Path.GetDirectoryName(folder)!;
        foreach (var process in await File.ReadAllLinesAsync($"{folder}/cgroup.procs", cancellationToken))
        {
            try
            {
                await File.WriteAllTextAsync($"{parent}/cgroup.procs", process, cancellationToken);
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        Directory.Delete(folder);
    }
}

/// <summary>The file system whose free space the service watches is full but for a hundredth.</summary>
internal sealed record FullDisk : Inject
{
    private const string Name = "chaos-full";

    public override string Undone => "the file is removed";

    public override string? Impossible(Site site) => site.Disk is null ? "a small file system needs root and the right to mount" : null;

    public override async Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        var free = new DriveInfo(site.Disk!).AvailableFreeSpace;
        await File.WriteAllBytesAsync(Path.Combine(site.Disk!, Name), new byte[(int)(free * 0.99)], cancellationToken);
    }

    public override Task UndoAsync(Site site, CancellationToken cancellationToken)
    {
        if (site.Disk is { } disk)
        {
            File.Delete(Path.Combine(disk, Name));
        }

        return Task.CompletedTask;
    }
}
