namespace Candor.Local;

/// <summary>Finds programs where Debian and Ubuntu put them.</summary>
internal static class SystemPrograms
{
    private static readonly string[] _folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>The packages that hold the programs, for the message about what to install.</summary>
    private static readonly Dictionary<string, string> _packages = new(StringComparer.Ordinal)
    {
        ["postgres"] = "postgresql",
        ["initdb"] = "postgresql",
        ["pg_isready"] = "postgresql",
        ["pg_ctl"] = "postgresql",
        ["redis-server"] = "redis-server",
        ["redis-cli"] = "redis-tools",
        ["rabbitmq-server"] = "rabbitmq-server",
        ["epmd"] = "rabbitmq-server",
        ["haproxy"] = "haproxy",
        ["setsid"] = "util-linux",
        ["setpriv"] = "util-linux",
        ["nsenter"] = "util-linux",
        ["ip"] = "iproute2",
        ["nft"] = "nftables",
        ["prometheus"] = "prometheus",
        ["prometheus-blackbox-exporter"] = "prometheus-blackbox-exporter",
        ["prometheus-alertmanager"] = "prometheus-alertmanager",
        ["dotnet"] = "dotnet-sdk-10.0",
    };

    /// <summary>The folders that a child's PATH holds.</summary>
    public static string DefaultPath { get; } = string.Join(':', _folders);

    /// <summary>Full path of the program, or null.</summary>
    public static string? Find(string name) =>
        Folders(name).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Full path of the program.</summary>
    /// <exception cref="LocalException">It is not installed; the message names the package to install.</exception>
    public static string Require(string name) =>
        Find(name) ?? throw new LocalException(
            $"The program {name} is not on this machine. Install it with: apt-get install {_packages.GetValueOrDefault(name, name)}");

    private static IEnumerable<string> Folders(string name)
    {
        // Debian keeps PostgreSQL's programs beside its version, and RabbitMQ's start script behind a wrapper that wants the system's
        // folders.
        if ((name is "postgres" or "initdb" or "psql" || name.StartsWith("pg_", StringComparison.Ordinal))
            && Directory.Exists("/usr/lib/postgresql"))
        {
            foreach (var version in Directory.EnumerateDirectories("/usr/lib/postgresql")
                .OrderByDescending(path => int.TryParse(Path.GetFileName(path), out var number) ? number : 0))
            {
                yield return Path.Combine(version, "bin");
            }
        }

        if (name.StartsWith("rabbitmq", StringComparison.Ordinal))
        {
            yield return "/usr/lib/rabbitmq/bin";
        }

        if (name == "dotnet" && Environment.ProcessPath is { } self && Path.GetFileName(self) == "dotnet")
        {
            yield return Path.GetDirectoryName(self)!;
        }

        foreach (var folder in (
            Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(_folders))
        {
            yield return folder;
        }
    }
}
