using System.Collections.Immutable;
using System.Text.Json;
using Candor.Contract;

namespace Candor.Program.Config;

/// <summary>What a stack is for.</summary>
public enum StackEnvironment
{
    /// <summary>Development: images by tag, nothing protected.</summary>
    Dev,

    /// <summary>Production: images by digest, and what holds data is protected.</summary>
    Prod,
}

/// <summary>Which load balancer probes and routes.</summary>
public enum BalancerKind
{
    /// <summary>AWS Application Load Balancer through a TargetGroupBinding.</summary>
    Alb,

    /// <summary>Google Kubernetes Engine's Ingress with a BackendConfig.</summary>
    Gke,

    /// <summary>ingress-nginx with passive checks.</summary>
    Nginx,
}

/// <summary>The stack's configuration, read once and validated as a whole. Components take its parts, never Pulumi's config.</summary>
public sealed record StackConfig
{
    /// <summary>What the stack is for.</summary>
    public required StackEnvironment Environment { get; init; }

    /// <summary>Which load balancer probes and routes.</summary>
    public required BalancerKind Balancer { get; init; }

    /// <summary>Kubernetes namespace of everything.</summary>
    public required string Namespace { get; init; }

    /// <summary>Provider settings: region, cluster, tags.</summary>
    public required ProviderConfig Providers { get; init; }

    /// <summary>Where everything is attached.</summary>
    public required NetworkConfig Network { get; init; }

    /// <summary>How the service is reached from outside.</summary>
    public required EdgeConfig Edge { get; init; }

    /// <summary>Where the services' dependencies are.</summary>
    public required DependenciesConfig Dependencies { get; init; }

    /// <summary>Alarms and Prometheus.</summary>
    public required WatchingConfig Watching { get; init; }

    /// <summary>The services, the main one first. Each carries its merged and validated contract.</summary>
    public required ImmutableArray<ServiceConfig> Services { get; init; }

    /// <summary>Lint rules that do not hold for the stack: rule id to reason.</summary>
    public required ImmutableSortedDictionary<string, string> Waivers { get; init; }

    /// <summary>The token required to drain a pod over the network, or null.</summary>
    public SecretText? ManagementToken { get; init; }

    /// <summary>Connections that all pods of all services together may open to the database.</summary>
    public long DatabaseDemand => Services.Sum(service => service.DatabaseDemand);

    /// <summary><c>max_connections</c> of a database server of ours: as configured, else what the demand needs.</summary>
    public int DatabaseMaximum => Dependencies.DatabaseMaximum ?? ConnectionDemand.MaximumFor(DatabaseDemand);

    /// <summary>User and database of everything the stack makes: the main service's name, as a database may be named.</summary>
    public string DatabaseName => Main.Name.Replace('-', '_');

    /// <summary>The main service.</summary>
    public ServiceConfig Main => Services[0];

    /// <summary>Whether what holds data or an address must be protected.</summary>
    public bool IsProduction => Environment == StackEnvironment.Prod;

    /// <summary>The full keys of every secret, such as <c>candor:databasePassword</c>; a Plan has a placeholder for each.</summary>
    public static IReadOnlyList<string> SecretKeys { get; } = [.. ConfigKeys.All.Where(key => key.Secret).Select(key => key.FullName)];

    /// <summary>The variable in which Pulumi says where the directory of <c>Pulumi.yaml</c> is.</summary>
    public const string RootVariable = "PULUMI_ROOT_DIRECTORY";

    /// <summary>Reads the configuration of the running Pulumi program.</summary>
    /// <exception cref="StackConfigException">It has problems; all of them are listed.</exception>
    public static StackConfig Read()
    {
        var config = new Pulumi.Config(ConfigKeys.Namespace);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in ConfigKeys.All)
        {
            if (config.Get(key.Name) is { } value)
            {
                values[key.FullName] = value;
            }
        }

        // Pulumi's config cannot be enumerated, so what is only there by mistake has to be looked for where the engine puts it.
        foreach (var name in EngineKeys().Where(name => name.StartsWith(ConfigKeys.Namespace + ":", StringComparison.Ordinal)))
        {
            values.TryAdd(name, string.Empty);
        }

        return Read(values, System.Environment.GetEnvironmentVariable(RootVariable));
    }

    /// <summary>Reads a configuration by full key, lists and objects as JSON, as the engine hands it over.</summary>
    /// <param name="values">The values.</param>
    /// <param name="projectDirectory">
    /// The directory of <c>Pulumi.yaml</c>, below which the files are that the config names; null to search upward from the current one.
    /// </param>
    /// <exception cref="StackConfigException">It has problems; all of them are listed.</exception>
    public static StackConfig Read(IReadOnlyDictionary<string, string> values, string? projectDirectory = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        var reader = new ConfigReader(values) { ProjectDirectory = projectDirectory };
        reader.CheckNames();
        var balancer = reader.Choice<BalancerKind>("balancer");
        var config = new StackConfig
        {
            Environment = reader.Choice<StackEnvironment>("environment"),
            Balancer = balancer,
            Namespace = reader.Text("namespace"),
            Providers = ProviderConfig.Read(reader),
            Network = NetworkConfig.Read(reader),
            Edge = EdgeConfig.Read(reader),
            Dependencies = DependenciesConfig.Read(reader),
            Watching = WatchingConfig.Read(reader),
            Services = ServiceReader.ReadAll(reader, balancer),
            Waivers = reader.Map("waive"),
            ManagementToken = reader.Secret("managementToken"),
        };
        config = config with
        {
            Namespace = config.Namespace.Length > 0 ? config.Namespace : config.Main.Name,
            Services = [.. config.Services.Select(service => ManagedPorts.Apply(service, config.Dependencies.Mode))],
        };
        StackConfigRules.Check(config, reader);
        return reader.Problems.Count == 0
            ? config
            : throw new StackConfigException([.. reader.Problems.OrderBy(problem => problem.Key, StringComparer.Ordinal)]);
    }

    private static IEnumerable<string> EngineKeys()
    {
        if (System.Environment.GetEnvironmentVariable("PULUMI_CONFIG") is not { Length: > 0 } json)
        {
            return [];
        }

        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Select(member => member.Name)];
    }
}
