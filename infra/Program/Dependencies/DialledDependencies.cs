using System.Collections.Immutable;
using Candor.Contract;
using Candor.Program.Config;

namespace Candor.Program.Dependencies;

/// <summary>What the services of a stack dial, taken together: one of each kind, as the config's validation demands.</summary>
internal static class DialledDependencies
{
    /// <summary>Each kind that the stack provides and a contract names, in the order of the kinds.</summary>
    public static ImmutableArray<Dependency> Of(StackConfig config) =>
    [
        .. config.Services
            .SelectMany(service => service.Contract.Dependencies)
            .Where(dependency => dependency.Kind != DependencyKind.Http)
            .DistinctBy(dependency => dependency.Kind)
            .OrderBy(dependency => DependencyKind.Known.IndexOf(dependency.Kind)),
    ];
}
