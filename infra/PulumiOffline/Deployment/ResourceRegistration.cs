using System.Collections.Immutable;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>Registers one resource: waits for what it depends on, serializes its inputs, asks the mocks, fills its outputs.</summary>
internal sealed class ResourceRegistration(MockMonitor monitor, Deployment deployment, Resource resource, ResourceOptions options)
{
    public async Task RunAsync(ResourceArgs args, IReadOnlyDictionary<string, IOutputCompletionSource> outputs)
    {
        try
        {
            var (urn, id, state) = await RegisterAsync(args).ConfigureAwait(false);
            outputs["urn"].SetValue(urn, isKnown: true, isSecret: false);
            if (resource is CustomResource)
            {
                outputs["id"].SetValue(id ?? "", isKnown: !string.IsNullOrEmpty(id), isSecret: false);
            }
            foreach (var (name, output) in outputs.Where(o => o.Key != "urn" && !(o.Key == "id" && resource is CustomResource)))
            {
                if (state.TryGetValue(name, out var given))
                {
                    var context = $"{resource.GetType().FullName}.{name}";
                    var value = given.IsKnown ? Converter.Convert(context, given.Value, output.TargetType) : null;
                    output.SetValue(value, given.IsKnown, given.IsSecret);
                }
            }
        }
        catch (Exception exception)
        {
            // Nobody may wait for an output that will never come.
            foreach (var output in outputs.Values)
            {
                output.TrySetException(exception);
            }
            throw;
        }
        foreach (var output in outputs.Values)
        {
            output.TrySetDefault(isKnown: !deployment.IsDryRun);
        }
    }

    /// <summary>Waits until the resources, and those inside components, are registered.</summary>
    public static async Task WaitForAsync(IEnumerable<Resource> resources)
    {
        foreach (var reached in Reach(resources, []))
        {
            await reached.Urn.DataTask.ConfigureAwait(false);
        }
    }

    private async Task<(string Urn, string? Id, IReadOnlyDictionary<string, Plain> State)> RegisterAsync(ResourceArgs args)
    {
        await WaitForAsync(await options.DependsOn.ToOutput().GetValueAsync(whenUnknown: []).ConfigureAwait(false)).ConfigureAwait(false);
        var (inputs, dependencies) = await SerializeAsync(args).ConfigureAwait(false);
        var parent = resource is Stack
            ? ""
            : await (options.Parent ?? deployment.Stack).Urn.GetValueAsync(whenUnknown: "").ConfigureAwait(false);
        var provider = resource is CustomResource
            ? await ProviderResource.ReferenceAsync(options.Provider).ConfigureAwait(false)
            : "";
        await WaitForAsync(dependencies).ConfigureAwait(false);

        var existing = options.Id is null ? "" : await options.Id.ToOutput().GetValueAsync(whenUnknown: "").ConfigureAwait(false);
        if (!string.IsNullOrEmpty(existing) && resource is not CustomResource)
        {
            throw new ArgumentException("ResourceOptions.Id is only valid for a CustomResource");
        }
        var request = new MockMonitor.Request(
            resource, parent, inputs, provider, existing, (options as CustomResourceOptions)?.ImportId ?? "");
        return await monitor.RegisterAsync(request).ConfigureAwait(false);
    }

    private async Task<(ImmutableDictionary<string, object> Inputs, HashSet<Resource> Dependencies)> SerializeAsync(ResourceArgs args)
    {
        var inputs = ImmutableDictionary.CreateBuilder<string, object>();
        var dependencies = new HashSet<Resource>();
        foreach (var (name, value) in args.ToDictionary())
        {
            var context = $"resource:{resource.GetResourceName()}[{resource.GetResourceType()}].{name}";
            var (plain, from) = await Serializer.PropertyAsync(context, value).ConfigureAwait(false);
            dependencies.UnionWith(from);
            if (plain is { IsKnown: true, Value: { } known })
            {
                inputs[name] = known;
            }
        }
        return (inputs.ToImmutable(), dependencies);
    }

    // A component stands for the resources inside it; children of other resources do not count, or cycles would form.
    private static IEnumerable<Resource> Reach(IEnumerable<Resource> resources, HashSet<Resource> seen)
    {
        foreach (var resource in resources.Where(seen.Add))
        {
            if (resource is not ComponentResource)
            {
                yield return resource;
                continue;
            }
            Resource[] children;
            lock (resource.Children)
            {
                children = [.. resource.Children];
            }
            foreach (var child in Reach(children, seen))
            {
                yield return child;
            }
        }
    }
}
