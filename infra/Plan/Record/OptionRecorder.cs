using System.Collections.Concurrent;
using System.Collections.Immutable;
using Pulumi;

namespace Candor.Planning;

/// <summary>
/// Notes the options of every resource by a stack transformation: mocks see inputs, but not parents, dependencies or protection.
/// </summary>
internal sealed class OptionRecorder
{
    private readonly ConcurrentDictionary<string, Noted> _byUrn = new(StringComparer.Ordinal);

    /// <summary>The transformation; it changes nothing.</summary>
    internal ResourceTransformationResult? Record(ResourceTransformationArgs args)
    {
        if (args.Resource is Stack)
        {
            return null;
        }

        var noted = new Noted(args.Resource, args.Options, UrnOf(args.Options.Parent));
        _byUrn[UrnOf(args.Resource)!] = noted;
        // An output, because what a resource depends on may itself come from one; the run waits for it.
        args.Options.DependsOn.ToOutput().Apply(resources =>
        {
            noted.DependsOn = [.. resources.Select(UrnOf).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
            return resources.Length;
        });
        return null;
    }

    /// <summary>The resource as the mocks saw it, with its options.</summary>
    internal PlanResource Complete(PlanResource seen)
    {
        if (!_byUrn.TryGetValue(seen.Urn, out var noted))
        {
            return seen;
        }

        return seen with
        {
            IsComponent = noted.Resource is ComponentResource,
            Id = noted.Resource is ComponentResource ? null : seen.Id,
            Parent = noted.Parent,
            DependsOn = noted.DependsOn,
            Protect = IsProtected(noted),
            IgnoreChanges = [.. noted.Options.IgnoreChanges.Order(StringComparer.Ordinal)],
            CustomTimeouts = noted.Options.CustomTimeouts is { } timeouts ? new(timeouts.Create, timeouts.Update, timeouts.Delete) : null,
        };
    }

    // A resource without a say of its own follows its parent.
    private bool IsProtected(Noted noted) =>
        noted.Options.Protect ?? (noted.Parent is { } parent && _byUrn.TryGetValue(parent, out var above) && IsProtected(above));

    private static string? UrnOf(Resource? resource) =>
        resource is null or Stack ? null : $"{resource.GetResourceType()}::{resource.GetResourceName()}";

    private sealed record Noted(Resource Resource, ResourceOptions Options, string? Parent)
    {
        internal ImmutableArray<string> DependsOn { get; set; } = [];
    }
}
