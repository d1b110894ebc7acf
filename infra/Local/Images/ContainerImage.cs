using System.Net;

namespace Candor.Local;

/// <summary>What stands for a container image on this machine: how its process is started and stopped.</summary>
internal abstract class ContainerImage
{
    /// <summary>The signal that asks the process to end: the real image's STOPSIGNAL.</summary>
    public virtual Signal StopSignal => Signal.Terminate;

    /// <summary>Whether it is a part of the machine's own packages, so that its not starting is the user's to fix.</summary>
    public virtual bool IsSystemProgram => true;

    /// <summary>Makes ready what the process needs (a data directory, a configuration file) and returns how to start it.</summary>
    /// <exception cref="LocalException">It cannot be made ready, or the program is not installed.</exception>
    public abstract Task<ProcessStart> PrepareAsync(ContainerContext context, CancellationToken cancellationToken);

    /// <summary>
    /// How a command of an exec probe or hook is run in the container. Loopback there is the pod itself, so without a network of its
    /// own the pod's address stands for it.
    /// </summary>
    public virtual ProcessStart Exec(ContainerContext context, IReadOnlyList<string> command) => new()
    {
        Program = SystemPrograms.Require(command[0]),
        Arguments = [
            .. command.Skip(1)
            .Select(
                argument => context.OwnNetwork || argument is not ("127.0.0.1" or "localhost") ? argument : context.Address.ToString())],
        Environment = BaseEnvironment(context),
        WorkingDirectory = context.DataDirectory,
        User = User,
    };

    /// <summary>
    /// Where a port of the container is on this machine; elsewhere only where a program cannot share it with another run.
    /// </summary>
    public virtual int LocalPort(ContainerContext context, int port) => port;

    /// <summary>The user that its processes run as when the supervisor is root; null to stay root.</summary>
    protected virtual string? User => null;

    /// <summary>The pod's variables over the few that every process needs.</summary>
    protected static Dictionary<string, string> BaseEnvironment(ContainerContext context)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = SystemPrograms.DefaultPath,
            ["HOME"] = context.DataDirectory,
            ["TMPDIR"] = context.DataDirectory,
            ["HOSTNAME"] = context.PodName,
            ["LANG"] = "C.UTF-8",
            ["TZ"] = "UTC",
            [RunMarker.Variable] = context.RunId,
        };
        foreach (var (name, value) in context.Environment)
        {
            environment[name] = value;
        }

        return environment;
    }
}

/// <summary>What a container is started with.</summary>
internal sealed record ContainerContext
{
    public required string PodName { get; init; }

    /// <summary>See <see cref="RunMarker"/>.</summary>
    public required string RunId { get; init; }

    public required IPAddress Address { get; init; }

    /// <summary>Whether the pod has a network of its own, so that it may listen on every address.</summary>
    public bool OwnNetwork { get; init; }

    public required ContainerSpec Container { get; init; }

    /// <summary>Every variable, resolved.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The pod's folder; for a StatefulSet the same at every start.</summary>
    public required string DataDirectory { get; init; }

    public required double Speed { get; init; }

    /// <summary>Command and arguments as the Plan gives them, without the program's own name.</summary>
    public IReadOnlyList<string> ArgumentsAfter(string program)
    {
        var all = Container.Command.Concat(Container.Args).ToList();
        return all.Count > 0 && Path.GetFileName(all[0]) == program ? all[1..] : all;
    }
}
