using System.Net;
using Candor.Local;

namespace Candor.EndToEnd.Tests.Ends;

/// <summary>What a run may leave behind: processes, network namespaces, a taken port, a record of itself.</summary>
internal sealed class Remains
{
    private readonly StateFolder _state;
    private readonly string _marker;
    private readonly IPEndPoint _listen;

    private Remains(StateFolder state, string marker, IPEndPoint listen)
    {
        _state = state;
        _marker = marker;
        _listen = listen;
    }

    /// <summary>Those of the run that is going on in a folder.</summary>
    public static Remains Of(string stateDirectory, IPEndPoint listen)
    {
        var state = new StateFolder(stateDirectory);
        var record = RunRecord.Read(state);
        Assert.NotNull(record);
        var remains = new Remains(state, $"{RunMarker.Variable}={record.RunId}", listen);
        Assert.NotEmpty(remains.Processes());
        return remains;
    }

    /// <summary>Fails when there are any.</summary>
    public void ExpectNone()
    {
        Assert.Empty(Processes());
        Assert.Empty(Namespaces());
        Assert.False(File.Exists(_state.RunFile), "the record of the run is left");
        Assert.False(File.Exists(_state.ControlSocket), "the control socket is left");
        PortOwner.RequireFree(_listen, "The balancer", "It should be gone.");
    }

    private List<string> Processes() =>
        [.. ProcFs.All().Where(
            pid => ProcFs.StartTime(pid) is not null && ProcFs.HasEnvironment(pid, _marker)).Select(
                pid => $"{pid} {ProcFs.CommandLine(pid)}")];

    private string?[] Namespaces() => Directory.Exists("/run/netns")
        ? [.. Directory.EnumerateFileSystemEntries("/run/netns", _state.NamespacePrefix + "*").Select(Path.GetFileName)]
        : [];
}
