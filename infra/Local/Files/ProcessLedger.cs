using System.Globalization;

namespace Candor.Local;

/// <summary>
/// Every process that a run started, on disk before anything else happens, with its start time: an id alone may belong to another process
/// by the time one cleans up.
/// </summary>
internal sealed class ProcessLedger(string path)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Entry> _running = [];

    public void Add(int pid, long startTime, string name)
    {
        lock (_gate)
        {
            _running[pid] = new(pid, startTime, name);
            Write();
        }
    }

    public void Remove(int pid)
    {
        lock (_gate)
        {
            _running.Remove(pid);
            Write();
        }
    }

    /// <summary>What an earlier run left behind on disk.</summary>
    public IReadOnlyList<Entry> Read()
    {
        if (!File.Exists(path))
        {
            return [];
        }

        return
        [
            .. File.ReadLines(path).Select(line => line.Split('\t')).Where(fields => fields.Length == 3).Select(fields => new Entry(
                int.Parse(fields[0], CultureInfo.InvariantCulture), long.Parse(fields[1], CultureInfo.InvariantCulture), fields[2])),
        ];
    }

    public void Delete() => File.Delete(path);

    private void Write()
    {
        try
        {
            var partial = path + ".new";
            File.WriteAllLines(
                partial, _running.Values.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Pid}\t{e.StartTime}\t{e.Name}")));
            File.Move(partial, path, overwrite: true);
        }
        catch (IOException)
        {
            // A full disk; the death signal and the run's marker still find the process.
        }
    }

    internal sealed record Entry(int Pid, long StartTime, string Name);
}
