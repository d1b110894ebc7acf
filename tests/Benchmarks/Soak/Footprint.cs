using System.Globalization;

namespace Candor.Benchmarks.Soak;

/// <summary>Memory and open files of one process over time.</summary>
internal sealed class Footprint(string name, int pid)
{
    private readonly List<(double MebiBytes, int Files)> _samples = [];

    public string Name { get; } = name;

    public string Latest => Text(_samples[^1]);

    /// <summary>Whether it ends about where it was once it had warmed up, for which it has a fifth of the time.</summary>
    public bool IsFlat => End.MebiBytes <= (Settled.MebiBytes * 1.3) + 20 && End.Files <= Settled.Files + 20;

    public string Summary =>
        $"{Name}: {Text(Settled)} after a fifth of the time, {Text(End)} at the end (MiB / files): {(IsFlat ? "flat" : "NOT FLAT")}";

    // The median of a few at each end: one sample may meet a collection, or a burst of connections.
    private (double MebiBytes, int Files) Settled => MedianOf(_samples.Skip(_samples.Count / 5).Take(9));

    private (double MebiBytes, int Files) End => MedianOf(_samples.TakeLast(9));

    /// <summary>The process of that name that <paramref name="parent"/> started.</summary>
    public static int ChildOf(int parent, string name) => Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName)
        .Where(entry => int.TryParse(entry, out _))
        .Select(entry => int.Parse(entry!, CultureInfo.InvariantCulture))
        .First(id => Status(id) is var status && status["Name"] == name && status["PPid"] == parent.ToString(CultureInfo.InvariantCulture));

    /// <summary>Looks at it now.</summary>
    public void Take()
    {
        var kibiBytes = double.Parse(Status(pid)["VmRSS"].Split(' ')[0], CultureInfo.InvariantCulture);
        _samples.Add((kibiBytes / 1024, Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count()));
    }

    private static (double MebiBytes, int Files) MedianOf(IEnumerable<(double MebiBytes, int Files)> samples)
    {
        var some = samples.ToList();
        return (
            some.Select(s => s.MebiBytes).Order().ElementAt(some.Count / 2), some.Select(s => s.Files).Order().ElementAt(some.Count / 2));
    }

    private static Dictionary<string, string> Status(int id)
    {
        var lines = new Dictionary<string, string>(StringComparer.Ordinal) { ["Name"] = "", ["PPid"] = "0", ["VmRSS"] = "0 kB" };
        try
        {
            foreach (var parts in File.ReadLines($"/proc/{id}/status").Select(line => line.Split(':', 2)))
            {
                lines[parts[0]] = parts[1].Trim();
            }
        }
        catch (IOException)
        {
            // It ended while we looked.
        }

        return lines;
    }

    private static string Text((double MebiBytes, int Files) sample) =>
        string.Create(CultureInfo.InvariantCulture, $"{sample.MebiBytes:0} / {sample.Files}");
}
