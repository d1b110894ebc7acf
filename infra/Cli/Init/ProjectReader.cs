using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Candor.Contract;

namespace Candor.Cli.Init;

/// <summary>Finds out what a project dials and where it listens, from its files. Nothing is built or run.</summary>
internal sealed partial class ProjectReader(string project)
{
    // A service's own projects are a handful; more would be another repository's.
    private const int MaximumProjects = 50;
    private const int MaximumSources = 2000;

    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(project))!;
    private readonly List<string> _notes = [];

    /// <summary>What is known of the service.</summary>
    /// <param name="name">Its name, or null for that of the project.</param>
    /// <exception cref="UsageException">The project cannot be read.</exception>
    internal FoundService Read(string? name)
    {
        var packages = Packages();
        var connections = ConnectionStrings();
        var dependencies = packages
            .Select(package => (Package: package, Kind: KnownPackages.KindOf(package)))
            .Where(found => found.Kind is not null)
            .GroupBy(found => found.Kind!, StringComparer.Ordinal)
            .Select(kind => Dependency(kind.Key, kind.First().Package, connections))
            .ToList();
        if (dependencies.Count == 0)
        {
            _notes.Add("No package of a database, cache or queue was found; name what it dials with --dependency NAME=KIND.");
        }

        var port = Port();
        HealthRoutes();
        var service = name ?? ServiceName.Of(Path.GetFileNameWithoutExtension(project));
        return new() { Name = service, Project = Path.GetFullPath(project), Image = $"ghcr.io/example/{service}", Port = port, Dependencies = dependencies, Notes = _notes };
    }

    private Dependency Dependency(string kind, string package, Dictionary<string, string?> connections)
    {
        var ofKind = connections.Where(connection => connection.Value == kind).Select(connection => connection.Key).ToList();
        var name = ofKind.Count == 1 ? ofKind[0].ToLowerInvariant() : null;
        if (name is not null && DependencyName().IsMatch(name))
        {
            _notes.Add($"{name}: {kind}, from the package {package} and the connection string {ofKind[0]}.");
            return KnownPackages.Dependency(name, kind);
        }

        name = KnownPackages.NameOf(kind);
        _notes.Add($"{name}: {kind}, from the package {package}. The app reads it as ConnectionStrings__{name}; rename it in the contract where the app says otherwise.");
        return KnownPackages.Dependency(name, kind);
    }

    private SortedSet<string> Packages()
    {
        var packages = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        var projects = new Queue<string>([Path.GetFullPath(project)]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (projects.TryDequeue(out var file) && seen.Count < MaximumProjects)
        {
            if (!seen.Add(file) || !File.Exists(file))
            {
                continue;
            }

            var root = Load(file);
            if (seen.Count == 1)
            {
                Judge(root);
            }

            packages.UnionWith(Included(root, "PackageReference"));
            foreach (var other in Included(root, "ProjectReference"))
            {
                projects.Enqueue(Path.GetFullPath(other.Replace('\\', Path.DirectorySeparatorChar), Path.GetDirectoryName(file)!));
            }
        }

        return packages;
    }

    private void Judge(XElement root)
    {
        var sdk = root.Attribute("Sdk")?.Value ?? string.Empty;
        if (!sdk.StartsWith("Microsoft.NET.Sdk.Web", StringComparison.OrdinalIgnoreCase) && !sdk.StartsWith("Microsoft.NET.Sdk.Worker", StringComparison.OrdinalIgnoreCase))
        {
            _notes.Add($"The project's SDK is \"{sdk}\", neither a web app's nor a worker's: is it the right project?");
        }

        var frameworks = root.Descendants().Where(element => element.Name.LocalName is "TargetFramework" or "TargetFrameworks").Select(element => element.Value).ToList();
        if (frameworks.Count > 0 && !frameworks.Any(text => text.Contains("net10", StringComparison.Ordinal)))
        {
            _notes.Add($"It is built for {string.Join(", ", frameworks)}, and Candor.Health needs net10.0; without the library the stack probes it over HTTP alone.");
        }
    }

    private static IEnumerable<string> Included(XElement root, string name) => root.Descendants()
        .Where(element => element.Name.LocalName == name)
        .Select(element => element.Attribute("Include")?.Value)
        .OfType<string>();

    private static XElement Load(string file)
    {
        try
        {
            return XDocument.Load(file).Root!;
        }
        catch (Exception exception) when (exception is XmlException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file} cannot be read: {exception.Message}");
        }
    }

    /// <summary>Names of connection strings with the kind that their text tells, or null.</summary>
    private Dictionary<string, string?> ConnectionStrings()
    {
        var found = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in Directory.GetFiles(_folder, "appsettings*.json").Order(StringComparer.Ordinal))
        {
            if (Settings(file) is { } root && root.TryGetProperty("ConnectionStrings", out var strings) && strings.ValueKind == JsonValueKind.Object)
            {
                foreach (var connection in strings.EnumerateObject().Where(connection => connection.Value.ValueKind == JsonValueKind.String))
                {
                    found[connection.Name] = KindOf(connection.Value.GetString()!) ?? found.GetValueOrDefault(connection.Name);
                }
            }
        }

        return found;
    }

    private static string? KindOf(string text) => text switch
    {
        _ when text.StartsWith("amqp", StringComparison.OrdinalIgnoreCase) => DependencyKind.RabbitMq,
        _ when text.StartsWith("mongodb", StringComparison.OrdinalIgnoreCase) => "mongodb",
        _ when text.Contains(":6379", StringComparison.Ordinal) || text.StartsWith("redis", StringComparison.OrdinalIgnoreCase) => DependencyKind.Redis,
        _ when text.Contains(":9092", StringComparison.Ordinal) => "kafka",
        _ when text.Contains("Host=", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) => DependencyKind.Postgres,
        _ when text.Contains("Port=3306", StringComparison.OrdinalIgnoreCase) => "mysql",
        _ when text.Contains("Initial Catalog=", StringComparison.OrdinalIgnoreCase) || text.Contains("TrustServerCertificate", StringComparison.OrdinalIgnoreCase) => "sqlServer",
        _ => null,
    };

    private int Port()
    {
        var usual = new HealthContract().Port;
        var (port, where) = Dockerfile() ?? Kestrel() ?? (usual, "the default of .NET's images");
        if (port < 1024)
        {
            _notes.Add($"Port {port} ({where}) needs a right that the pods do not have, so the contract says {usual}: let the app listen there.");
            return usual;
        }

        _notes.Add($"Port {port}: {where}.");
        return port;
    }

    private (int Port, string Where)? Dockerfile()
    {
        var file = Path.Combine(_folder, "Dockerfile");
        if (!File.Exists(file))
        {
            return null;
        }

        var text = File.ReadAllText(file);
        return (HttpPorts().Match(text), Expose().Match(text)) switch
        {
            ({ Success: true } ports, _) => (int.Parse(ports.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), "ASPNETCORE_HTTP_PORTS or _URLS in the Dockerfile"),
            (_, { Success: true } expose) => (int.Parse(expose.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), "EXPOSE in the Dockerfile"),
            _ => null,
        };
    }

    private (int Port, string Where)? Kestrel()
    {
        if (Settings(Path.Combine(_folder, "appsettings.json")) is not { } root
            || !root.TryGetProperty("Kestrel", out var kestrel)
            || !kestrel.TryGetProperty("Endpoints", out var endpoints)
            || endpoints.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var urls = endpoints.EnumerateObject().Select(endpoint => endpoint.Value.TryGetProperty("Url", out var url) ? url.GetString() : null);
        return urls.Select(url => HttpUrl().Match(url ?? string.Empty)).FirstOrDefault(match => match.Success) is { } found
            ? (int.Parse(found.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), "Kestrel's endpoint in appsettings.json")
            : null;
    }

    private JsonElement? Settings(string file)
    {
        try
        {
            if (!File.Exists(file))
            {
                return null;
            }

            using var json = JsonDocument.Parse(File.ReadAllText(file), new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            _notes.Add($"{Path.GetFileName(file)} cannot be read and was passed over: {exception.Message}");
            return null;
        }
    }

    /// <summary>Two would answer one path; the app would not start.</summary>
    private void HealthRoutes()
    {
        var sources = Directory.EnumerateFiles(_folder, "*.cs", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
            .Where(file => !Path.GetRelativePath(_folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Take(MaximumSources);
        foreach (var file in sources)
        {
            var line = File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1)).FirstOrDefault(line => MapHealth().IsMatch(line.Text));
            if (line.Text is not null)
            {
                _notes.Add($"{Path.GetRelativePath(_folder, file)}, line {line.Number}: {MapHealth().Match(line.Text).Value}…) gives way to app.MapCandor(), which answers /health.");
                return;
            }
        }
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$")]
    private static partial Regex DependencyName();

    [GeneratedRegex(@"^\s*ENV\s+ASPNETCORE_(?:HTTP_PORTS[= ]|URLS[= ]\S*?:)(\d{1,5})", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex HttpPorts();

    [GeneratedRegex(@"^\s*EXPOSE\s+(\d{1,5})", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Expose();

    [GeneratedRegex(@"^http://[^/]*:(\d{1,5})")]
    private static partial Regex HttpUrl();

    [GeneratedRegex(@"Map(HealthChecks|DefaultEndpoints)\(")]
    private static partial Regex MapHealth();
}

/// <summary>The name of a service made of another name.</summary>
internal static partial class ServiceName
{
    private const int Longest = 20;

    /// <summary><c>Todo.Api</c> is <c>todo-api</c>; at most 20 characters, so that names made of it fit AWS.</summary>
    internal static string Of(string text)
    {
        var words = Words().Replace(text, "$1-$2").ToLowerInvariant();
        var label = string.Join('-', Others().Split(words).Where(part => part.Length > 0));
        label = label.Length <= Longest ? label : label[..Longest].TrimEnd('-');
        return label.Length > 0 ? label : "app";
    }

    [GeneratedRegex("([a-z0-9])([A-Z])")]
    private static partial Regex Words();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Others();
}
