using System.Collections.Immutable;
using Pulumi.Serialization;

namespace Pulumi;

public sealed partial class Deployment
{
    internal async Task<OutputData<T>> InvokeOutputAsync<T>(string token, InvokeArgs args, InvokeOptions? options)
    {
        var resources = ImmutableHashSet<Resource>.Empty;
        if (options is InvokeOutputOptions { DependsOn: { } dependsOn })
        {
            var explicitly = await dependsOn.ToOutput().GetValueAsync(whenUnknown: []).ConfigureAwait(false);
            await ResourceRegistration.WaitForAsync(explicitly).ConfigureAwait(false);
            resources = resources.Union(explicitly);
        }
        var (inputs, dependencies, isKnown) = await SerializeAsync(token, args).ConfigureAwait(false);
        resources = resources.Union(dependencies);
        return isKnown
            ? new(resources, await CallAsync<T>(token, inputs, options).ConfigureAwait(false), IsKnown: true, IsSecret: false)
            : new(resources, default!, IsKnown: false, IsSecret: false);
    }

    internal async Task<T> InvokeAsync<T>(string token, InvokeArgs args, InvokeOptions? options)
    {
        var (inputs, _, _) = await SerializeAsync(token, args).ConfigureAwait(false);
        return await CallAsync<T>(token, inputs, options).ConfigureAwait(false);
    }

    private static async Task<(
        ImmutableDictionary<string, object> Inputs, IReadOnlySet<Resource> Dependencies, bool IsKnown)> SerializeAsync(
        string token, InvokeArgs? args)
    {
        var inputs = ImmutableDictionary.CreateBuilder<string, object>();
        var dependencies = new HashSet<Resource>();
        var isKnown = true;
        foreach (var (name, value) in (args ?? InvokeArgs.Empty).ToDictionary())
        {
            var (plain, from) = await Serializer.PropertyAsync($"invoke:{token}.{name}", value).ConfigureAwait(false);
            dependencies.UnionWith(from);
            isKnown &= plain.IsKnown;
            if (plain is { IsKnown: true, Value: { } known })
            {
                inputs[name] = known;
            }
        }
        return (inputs.ToImmutable(), dependencies, isKnown);
    }

    private async Task<T> CallAsync<T>(string token, ImmutableDictionary<string, object> inputs, InvokeOptions? options)
    {
        var provider = await ProviderResource.ReferenceAsync(options?.Provider ?? options?.Parent?.GetProvider(token))
            .ConfigureAwait(false);
        var result = await monitor.CallAsync(token, inputs, provider).ConfigureAwait(false);
        return (T)Converter.Convert($"{token} result", result, typeof(T))!;
    }
}
