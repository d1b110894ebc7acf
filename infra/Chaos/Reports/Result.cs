using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Candor.Chaos.Judging;
using Candor.Local;

namespace Candor.Chaos.Reports;

/// <summary>Everything that a session measured, and where. This is the JSON file.</summary>
internal sealed record Result
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        WriteIndented = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Of this shape of the file.</summary>
    public int SchemaVersion { get; init; } = 1;

    public required DateTimeOffset At { get; init; }

    public required Machine Machine { get; init; }

    public required double Speed { get; init; }

    public required double Rate { get; init; }

    public required int Repeat { get; init; }

    public required bool Isolated { get; init; }

    public required IReadOnlyList<FaultRun> Runs { get; init; }

    /// <summary>Reads a file that was written before, or null when there is none.</summary>
    /// <exception cref="ChaosException">It is something else.</exception>
    public static Result? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Result>(File.ReadAllText(path), Json);
        }
        catch (JsonException e)
        {
            throw new ChaosException($"{path} is not a result of 'candor chaos --json': {e.Message}. Name another file, or remove it.", e);
        }
    }

    /// <summary>Writes through another name, so that a file is always whole.</summary>
    public void Write(string path)
    {
        var partial = path + ".new";
        File.WriteAllText(partial, JsonSerializer.Serialize(this, Json) + "\n");
        File.Move(partial, path, overwrite: true);
    }
}

/// <summary>Where it was measured.</summary>
/// <param name="Processors">How many.</param>
/// <param name="Processor">Which.</param>
/// <param name="MemoryGiB">How much.</param>
/// <param name="OperatingSystem">Operating system and kernel.</param>
/// <param name="Revision">The measured tree.</param>
/// <param name="Versions">Of the parts.</param>
internal sealed record Machine(int Processors, string Processor, double MemoryGiB, string OperatingSystem, string Revision, IReadOnlyDictionary<string, string> Versions)
{
    /// <summary>This machine.</summary>
    public static async Task<Machine> ThisAsync(string project, CancellationToken cancellationToken)
    {
        var versions = new Dictionary<string, string>(StringComparer.Ordinal) { [".NET"] = Environment.Version.ToString() };
        foreach (var (name, program, arguments) in new[] { ("PostgreSQL", "postgres", "--version"), ("Redis", "redis-server", "--version"), ("HAProxy", "haproxy", "-v") })
        {
            versions[name] = await VersionAsync(program, [arguments], cancellationToken);
        }

        versions["RabbitMQ"] = RabbitMq();
        return new(
            Environment.ProcessorCount,
            Line("/proc/cpuinfo", "model name"),
            Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1024.0 / 1024 / 1024, 1),
            $"{RuntimeInformation.OSDescription}",
            await VersionAsync("git", ["-C", project, "describe", "--always", "--dirty"], cancellationToken),
            versions);
    }

    private static async Task<string> VersionAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (SystemPrograms.Find(program) is not { } path)
        {
            return "unknown";
        }

        var start = new ProcessStart { Program = path, Arguments = arguments, Environment = new Dictionary<string, string> { ["PATH"] = SystemPrograms.DefaultPath } };
        var (exitCode, output) = await Command.RunAsync(start, null, cancellationToken);
        var line = output.Split('\n')[0].Trim();
        var number = Regex.Match(line, @"[0-9]+\.[0-9]+[0-9.]*");
        return exitCode != 0 ? "unknown" : program == "git" ? line : number.Success ? number.Value : line;
    }

    private static string RabbitMq() =>
        Directory.Exists("/usr/lib/rabbitmq/lib")
            ? Directory.EnumerateDirectories("/usr/lib/rabbitmq/lib").Select(path => Path.GetFileName(path).Replace("rabbitmq_server-", string.Empty, StringComparison.Ordinal)).FirstOrDefault() ?? "unknown"
            : "unknown";

    private static string Line(string path, string key) =>
        File.Exists(path) ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split(':')[^1].Trim() ?? "unknown" : "unknown";

    /// <inheritdoc />
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Processors} × {Processor}, {MemoryGiB} GiB, {OperatingSystem}; {string.Join(", ", Versions.Select(version => $"{version.Key} {version.Value}"))}; revision {Revision}");
}
