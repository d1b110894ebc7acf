using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Candor.Chaos.Catalogue;
using Candor.Chaos.Injection;
using Candor.Contract;
using Candor.Local;
using Candor.Planning;

namespace Candor.Chaos.Running;

/// <summary>A stack of our own, with folder, ports and addresses that nobody else has; it ends with us.</summary>
internal sealed class ChaosStack : IAsyncDisposable, IProgress<LocalEvent>
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly ConcurrentQueue<LocalEvent> _events = new();
    private readonly TimeProvider _time;
    private readonly string? _disk;
    private Task _run = Task.CompletedTask;
    private bool _attached;
    private SystemUnderTest? _system;

    private ChaosStack(TimeProvider time, string? disk)
    {
        _time = time;
        _disk = disk;
    }

    /// <summary>What can be measured.</summary>
    public SystemUnderTest System => _system ?? throw new InvalidOperationException("The stack has not started.");

    public void Report(LocalEvent value) => _events.Enqueue(value);

    /// <summary>Starts a service with its database, cache, queue and balancer, and waits until all is healthy.</summary>
    /// <exception cref="LocalException">It cannot be started.</exception>
    public static async Task<ChaosStack> StartAsync(StackRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(request.Folder, request.Kind.ToString().ToLowerInvariant());
        Remove(folder);
        Directory.CreateDirectory(folder);
        var disk = await MountAsync(Path.Combine(request.Folder, "disk"), cancellationToken);
        var stack = new ChaosStack(time, disk);
        try
        {
            await stack.StartAsync(request, folder, cancellationToken);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>The journal of a folder.</summary>
    public static string JournalOf(string folder) => Path.Combine(folder, "chaos-journal.json");

    /// <summary>A stack that somebody else runs; it is left as it was found.</summary>
    /// <exception cref="LocalException">None runs there.</exception>
    public static async Task<ChaosStack> AttachAsync(Plan plan, string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var client = LocalTarget.Client(folder);
        var status = await client.StatusAsync(cancellationToken);
        var stack = new ChaosStack(time, null) { _attached = true };
        await stack.UseAsync(client, ServiceKind.Orders, plan, status.Speed, folder, new(client, plan, status.Speed, new Journal(JournalOf(folder)), time)
        {
            Isolated = status.Isolated,
            Url = new(status.Urls[0]),
        }, cancellationToken);
        return stack;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_attached && _system is { } attached)
        {
            await attached.Site.RemoveRoleAsync();
        }

        if (_system is { } system)
        {
            await system.Site.DisposeAsync();
        }

        await _kill.CancelAsync();
        await _stop.CancelAsync();
        try
        {
            await _run;
        }
        catch (LocalException)
        {
            // Told to whoever waited for it.
        }

        await UnmountAsync(_disk, CancellationToken.None);
        _stop.Dispose();
        _kill.Dispose();
    }

    /// <summary>Removes what an earlier run left: its data too, so that nothing that a fault did to it stays.</summary>
    public static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            StateFolder.TryDelete(new StateFolder(folder).Data);
            StateFolder.TryDelete(folder);
        }
    }

    /// <summary>A small file system for a full disk, where mounting is allowed.</summary>
    private static async Task<string?> MountAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess || SystemPrograms.Find("mount") is null)
        {
            return null;
        }

        await UnmountAsync(folder, cancellationToken);
        Directory.CreateDirectory(folder);
        try
        {
            await HostCommand.RunAsync("mount", ["-t", "tmpfs", "-o", "size=4m,mode=0777", "tmpfs", folder], cancellationToken);
            return folder;
        }
        catch (LocalException)
        {
            return null;
        }
    }

    /// <summary>Also what a command that was killed left mounted.</summary>
    internal static async Task UnmountAsync(string? folder, CancellationToken cancellationToken)
    {
        while (folder is not null && File.ReadLines("/proc/mounts").Any(line => line.Split(' ') is [_, var at, ..] && at.Replace("\\040", " ", StringComparison.Ordinal) == folder))
        {
            await HostCommand.RunAsync("umount", ["-l", folder], cancellationToken);
        }
    }

    private async Task StartAsync(StackRequest request, string folder, CancellationToken cancellationToken)
    {
        var speed = request.Speed;
        var switches = request.Kind == ServiceKind.Orders ? null : Path.Combine(folder, "switches");
        var plan = Containers.WithEnvironment(
            request.Plan,
            "orders",
            [
                .. _disk is null ? Array.Empty<(string, string)>() : [("CANDOR_DISK", _disk)],
                .. switches is null ? Array.Empty<(string, string)>() : [("SAMPLE_SWITCHES", switches), ("SAMPLE_HEALTH", request.Kind == ServiceKind.Sample ? "candor" : "builtin")],
            ]);
        var options = new LocalOptions
        {
            StateDirectory = folder,
            Speed = speed,
            Isolated = request.Isolated,
            Listen = new(IPAddress.Loopback, FreePort()),
            Programs = new Dictionary<string, LocalProgram>(StringComparer.Ordinal) { ["orders"] = new(request.Program) },
            Stack = "chaos",
        };
        _run = Task.Run(() => LocalTarget.RunAsync(plan, options, this, _time, _stop.Token, _kill.Token), CancellationToken.None);
        var client = LocalTarget.Client(folder);
        await UntilHealthyAsync(client, cancellationToken);
        await UseAsync(client, request.Kind, plan, speed, folder, new(client, plan, speed, new Journal(JournalOf(request.Folder)), _time)
        {
            Isolated = request.Isolated,
            Disk = _disk,
            Switches = switches,
            Url = new($"http://{options.Listen}"),
        }, cancellationToken);
    }

    private async Task UseAsync(LocalClient client, ServiceKind kind, Plan plan, double speed, string folder, Site site, CancellationToken cancellationToken)
    {
        await site.OpenDatabaseAsync(folder, cancellationToken);
        _system = new()
        {
            Kind = kind,
            Url = site.Url,
            Contract = plan.Contract!.Scale(speed),
            Timeline = plan.Timeline!.Scale(speed),
            Speed = speed,
            Status = client.StatusAsync,
            Site = site,
            Database = site.Admin,
        };
    }

    private async Task UntilHealthyAsync(LocalClient client, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        while (true)
        {
            if (_run.IsCompleted)
            {
                await _run;
                throw new LocalException("The stack ended while it was being started.");
            }

            try
            {
                var status = await client.StatusAsync(cancellationToken);
                if (status.Healthy)
                {
                    return;
                }
            }
            catch (LocalException)
            {
                // Only just starting.
            }

            if (_time.GetElapsedTime(began) > TimeSpan.FromMinutes(4))
            {
                throw new LocalException("The stack did not get healthy within 4 min. What happened last:" + string.Concat(_events.TakeLast(15).Select(e => string.Create(CultureInfo.InvariantCulture, $"\n  {e.At:HH:mm:ss} {e.Subject}: {e.Message}"))));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), _time, cancellationToken);
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

/// <summary>Which stack is wanted.</summary>
/// <param name="Kind">Which service.</param>
/// <param name="Plan">The dev stack's Plan.</param>
/// <param name="Program">The built program that stands for the service's image.</param>
/// <param name="Folder">Where everything is kept.</param>
/// <param name="Speed">What durations are divided by.</param>
/// <param name="Isolated">Whether every pod has a network of its own.</param>
internal sealed record StackRequest(ServiceKind Kind, Plan Plan, string Program, string Folder, double Speed, bool Isolated);
