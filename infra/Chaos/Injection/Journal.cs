using System.Text.Json;

namespace Candor.Chaos.Injection;

/// <summary>
/// What has been done and not undone yet, on disk before it is done. A command that was killed leaves it behind, and the next one
/// undoes what it says.
/// </summary>
internal sealed class Journal(string path)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly List<JournalEntry> _entries = [];

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>What an earlier command left, latest first.</summary>
    /// <exception cref="ChaosException">It is there and cannot be read.</exception>
    public IReadOnlyList<JournalEntry> Left()
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            return [.. (JsonSerializer.Deserialize<List<JournalEntry>>(File.ReadAllText(path), _json) ?? []).AsEnumerable().Reverse()];
        }
        catch (JsonException e)
        {
            throw new ChaosException($"{path} lists what an earlier 'candor chaos' did and did not undo, but cannot be read: {e.Message}. Undo it by hand, then remove the file.", e);
        }
    }

    /// <summary>Says what is about to be done.</summary>
    public async Task<JournalEntry> BeginAsync(string fault, Inject inject)
    {
        var entry = new JournalEntry(fault, inject, []);
        _entries.Add(entry);
        await WriteAsync();
        return entry;
    }

    /// <summary>Keeps what undoing needs to know.</summary>
    public async Task RememberAsync(JournalEntry entry, string name, string value)
    {
        entry.Memory[name] = value;
        await WriteAsync();
    }

    /// <summary>It is undone.</summary>
    public async Task EndAsync(JournalEntry entry)
    {
        _entries.Remove(entry);
        await WriteAsync();
    }

    /// <summary>Nothing is left to undo.</summary>
    public void Delete()
    {
        _entries.Clear();
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    private async Task WriteAsync()
    {
        if (_entries.Count == 0)
        {
            File.Delete(path);
            return;
        }

        var partial = path + ".new";
        await using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await JsonSerializer.SerializeAsync(file, _entries, _json);
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
    }
}

/// <summary>One thing that was done.</summary>
/// <param name="Fault">For which fault.</param>
/// <param name="Inject">What.</param>
/// <param name="Memory">What undoing needs to know.</param>
internal sealed record JournalEntry(string Fault, Inject Inject, Dictionary<string, string> Memory);
