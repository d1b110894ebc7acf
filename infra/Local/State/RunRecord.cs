using System.Text.Json;

namespace Candor.Local;

/// <summary>Which process runs a stack: written at start, removed at a clean end.</summary>
/// <param name="Supervisor">Process id of the supervisor.</param>
/// <param name="StartTime">Its start time; see <see cref="ProcFs.StartTime"/>.</param>
/// <param name="RunId">See <see cref="RunMarker"/>.</param>
/// <param name="Stack">The stack's name.</param>
internal sealed record RunRecord(int Supervisor, long StartTime, string RunId, string Stack)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    /// <summary>The record on disk, or null when there is none or it cannot be read (a disk that was full when it was written).</summary>
    public static RunRecord? Read(StateFolder state)
    {
        try
        {
            return JsonSerializer.Deserialize<RunRecord>(File.ReadAllText(state.RunFile), _json);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether the supervisor is still running; a process that reuses its id does not count.</summary>
    public bool IsAlive => ProcFs.StartTime(Supervisor) == StartTime;

    /// <exception cref="LocalException">The folder cannot be written.</exception>
    public void Write(StateFolder state)
    {
        try
        {
            var partial = state.RunFile + ".new";
            File.WriteAllText(partial, JsonSerializer.Serialize(this, _json));
            File.Move(partial, state.RunFile, overwrite: true);
        }
        catch (IOException e)
        {
            throw DiskSpace.Explain($"{state.RunFile} cannot be written", state.Path, e);
        }
    }
}
