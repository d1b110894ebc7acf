using System.Collections.Immutable;
using Pulumi.Serialization;
using Pulumi.Testing;

namespace Pulumi;

/// <summary>Answers registrations and lookups by asking the mocks.</summary>
internal sealed class MockMonitor(IMocks mocks)
{
    private readonly List<Resource> resources = [];

    public ImmutableArray<Resource> Resources
    {
        get
        {
            lock (resources)
            {
                return [.. resources];
            }
        }
    }

    public async Task<(string Urn, string? Id, IReadOnlyDictionary<string, Plain> State)> RegisterAsync(Request request)
    {
        lock (resources)
        {
            resources.Add(request.Resource);
        }
        var (type, name) = (request.Resource.GetResourceType(), request.Resource.GetResourceName());
        var urn = Urn(request.Parent, type, name);
        if (type == Stack.RootType)
        {
            return (urn, null, ImmutableDictionary<string, Plain>.Empty);
        }
        var wanted = request.Existing.Length > 0 ? request.Existing : request.Import;
        var (id, state) = await mocks.NewResourceAsync(new MockResourceArgs
        {
            Type = type,
            Name = name,
            Inputs = request.Inputs,
            Provider = request.Provider,
            Id = wanted,
        }).ConfigureAwait(false);
        return (urn, request.Existing.Length > 0 ? request.Existing : id ?? wanted, await StateAsync(state).ConfigureAwait(false));
    }

    public async Task<object> CallAsync(string token, ImmutableDictionary<string, object> args, string provider)
    {
        var result = await mocks.CallAsync(new MockCallArgs { Token = token, Args = args, Provider = provider }).ConfigureAwait(false);
        return (await StateAsync(result).ConfigureAwait(false))
            .Where(e => e.Value is { IsKnown: true, Value: not null })
            .ToImmutableDictionary(e => e.Key, e => e.Value.Value!);
    }

    public Task RegisterOutputsAsync(string urn, ImmutableDictionary<string, Output<object?>> outputs)
        => mocks.RegisterResourceOutputs(new MockRegisterResourceOutputsRequest(urn, outputs)) ?? Task.CompletedTask;

    private static string Urn(string parent, string type, string name)
    {
        var qualified = parent.Length == 0 ? type : $"{parent.Split("::")[2].Split('$')[0]}${type}";
        return $"urn:pulumi:{string.Join("::", Deployment.Instance.StackName, Deployment.Instance.ProjectName, qualified, name)}";
    }

    // Property by property, so that one secret or unknown does not mark the others.
    private static async Task<IReadOnlyDictionary<string, Plain>> StateAsync(object state)
    {
        var named = state switch
        {
            InputArgs args => args.ToDictionary(),
            IDictionary<string, object?> map => new Dictionary<string, object?>(map),
            _ => throw new InvalidOperationException($"{state.GetType().FullName} is not a supported argument type"),
        };
        var plain = new Dictionary<string, Plain>(StringComparer.Ordinal);
        foreach (var (name, value) in named)
        {
            plain[name] = (await Serializer.PropertyAsync(name, value).ConfigureAwait(false)).Value;
        }
        return plain;
    }

    /// <summary>
    /// A registration; <paramref name="Existing"/> is the id of a resource to read, <paramref name="Import"/> of one to adopt.
    /// </summary>
    internal sealed record Request(
        Resource Resource, string Parent, ImmutableDictionary<string, object> Inputs, string Provider, string Existing, string Import);
}
