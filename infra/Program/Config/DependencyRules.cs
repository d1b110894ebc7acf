using Candor.Contract;

namespace Candor.Program.Config;

/// <summary>What must hold between the services' contracts and where their dependencies are.</summary>
internal static class DependencyRules
{
    /// <summary>Notes everything that does not hold.</summary>
    public static void Check(StackConfig config, ConfigReader reader)
    {
        var dialled = config.Services.SelectMany(service => service.Contract.Dependencies).ToArray();
        foreach (var dependency in dialled.DistinctBy(dependency => (dependency.Name, dependency.Kind)))
        {
            if (dependency.Kind == DependencyKind.Http)
            {
                Endpoint(config, reader, dependency.Name);
            }
            else if (!DependenciesConfig.Provides(dependency.Kind))
            {
                Connection(config, reader, dependency);
            }
            else
            {
                Secret(config, reader, dependency.Kind);
            }
        }

        var provided = dialled.Where(dependency => DependenciesConfig.Provides(dependency.Kind));
        foreach (var kind in provided.GroupBy(dependency => dependency.Kind))
        {
            var names = kind.Select(dependency => dependency.Name).Distinct().ToArray();
            if (names.Length > 1)
            {
                reader.Add(
                    "services",
                    $"dependencies {string.Join(" and ", names)} of kind {kind.Key}",
                    "one name per kind",
                    "The stack provides one of each kind; give it one name in every contract.");
            }

            var ports = kind.Select(dependency => dependency.DialledPort()).Distinct().ToArray();
            if (ports.Length > 1)
            {
                reader.Add(
                    "services",
                    $"ports {string.Join(" and ", ports)} of kind {kind.Key}",
                    "one port per kind",
                    "The stack provides one of each kind; give it one port in every contract.");
            }
        }
    }

    private static void Endpoint(StackConfig config, ConfigReader reader, string name)
    {
        if (!config.Dependencies.Endpoints.TryGetValue(name, out var url))
        {
            reader.Add(new(
                $"candor:endpoints.{name}", null, "a URL", "A contract has a dependency of this name and of kind http; set its URL."));
        }
        else if (!TextForm.Url.Holds(url))
        {
            reader.Add(new($"candor:endpoints.{name}", $"\"{url}\"", TextForm.Url.Singular, "Correct the address."));
        }
    }

    // The stack makes no other kind: it tells the service where it is, and opens the way.
    private static void Connection(StackConfig config, ConfigReader reader, Dependency dependency)
    {
        var key = $"{ConfigKeys.Namespace}:connections.{dependency.Name}";
        if (!config.Dependencies.Connections.ContainsKey(dependency.Name))
        {
            reader.Add(new(
                key,
                null,
                "a secret",
                $"The stack makes no dependency of kind {dependency.Kind} (only {string.Join(", ", DependenciesConfig.Provided.Keys)}); "
                + $"say how {dependency.Name} is reached with `pulumi config set --secret --path '{key}' VALUE`, or correct the kind."));
        }
    }

    private static void Secret(StackConfig config, ConfigReader reader, string kind)
    {
        var prefix = DependenciesConfig.Provided[kind];
        var secrets = config.Dependencies.Secrets[kind];
        var external = config.Dependencies.Mode == DependencyMode.External;
        if ((external ? secrets.Connection : secrets.Password) is not null)
        {
            if (kind == DependencyKind.Redis && !external && secrets.Password!.Has(','))
            {
                reader.Add(
                    $"{prefix}Password",
                    "a secret with a comma",
                    "a secret without one",
                    "A comma ends the password in StackExchange.Redis' configuration string. Choose another.");
            }

            return;
        }

        var name = external ? $"{prefix}Connection" : $"{prefix}Password";
        if (reader.Problems.All(problem => problem.Key != $"{ConfigKeys.Namespace}:{name}"))
        {
            reader.Add(
                name,
                null,
                "a secret",
                $"Set it with `pulumi config set --secret {ConfigKeys.Namespace}:{name}`; dependencies are "
                    + $"{StackConfigRules.Written(config.Dependencies.Mode)}.");
        }
    }
}
