using System.Collections.Concurrent;
using System.Collections.Immutable;
using Pulumi;
using Pulumi.Testing;
using Pulumi.Utilities;

namespace Candor.Planning;

/// <summary>Stands in for the engine: notes what is declared, and answers as the cloud would.</summary>
internal sealed class RecordingMocks(Cloud cloud) : IMocks
{
    private readonly ConcurrentQueue<PlanResource> _resources = new();
    private ImmutableDictionary<string, Output<object?>> _stackOutputs = ImmutableDictionary<string, Output<object?>>.Empty;

    /// <summary>What was declared so far.</summary>
    internal IReadOnlyCollection<PlanResource> Resources => _resources;

    /// <inheritdoc />
    public Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args)
    {
        var type = args.Type ?? string.Empty;
        var name = args.Name ?? string.Empty;
        var (id, state) = cloud.Create(type, name, args.Inputs);
        _resources.Enqueue(new()
        {
            Type = type,
            Name = name,
            Id = id,
            Arn = state.GetValueOrDefault("arn") is string arn && arn != id ? arn : null,
            Provider = ProviderOf(args.Provider),
            Inputs = PlainValue.Of(args.Inputs),
        });
        return Task.FromResult<(string?, object)>((id, state));
    }

    /// <inheritdoc />
    public Task<object> CallAsync(MockCallArgs args) => Task.FromResult<object>(cloud.LookUp(args.Token ?? string.Empty, args.Args));

    /// <inheritdoc />
    public Task RegisterResourceOutputs(MockRegisterResourceOutputsRequest args)
    {
        if (PulumiUrn.Parse(args.Urn).Type == ResourceTypes.Stack)
        {
            _stackOutputs = args.Outputs;
        }

        return Task.CompletedTask;
    }

    /// <summary>The stack's outputs, secret ones as tokens.</summary>
    internal async Task<PlanValue> StackOutputsAsync()
    {
        var outputs = ImmutableDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        foreach (var (name, output) in _stackOutputs)
        {
            var value = await Output.IsSecretAsync(output).ConfigureAwait(false)
                ? SecretToken.Unnamed
                : await OutputUtilities.GetValueAsync(output).ConfigureAwait(false);
            if (value is not null)
            {
                outputs[name] = value;
            }
        }

        return PlainValue.Of(outputs.ToImmutable());
    }

    // The reference is a URN, then "::", then the provider's id.
    private static string? ProviderOf(string? reference) =>
        reference is not null && reference.LastIndexOf("::", StringComparison.Ordinal) is > 0 and var end
            ? PulumiUrn.Parse(reference[..end]).Short
            : null;
}
