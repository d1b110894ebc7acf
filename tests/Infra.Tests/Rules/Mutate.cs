using System.Globalization;
using System.Text.Json.Nodes;
using Candor.Planning;

namespace Candor.Infra.Tests.Rules;

/// <summary>Changes one thing in a Plan.</summary>
internal static class Mutate
{
    /// <summary>Sets a property, named as findings name it: <c>spec.ports[0].port</c>; <c>["a.b"]</c> for a key with dots.</summary>
    internal static Plan Set(this Plan plan, string urn, string path, string json) => plan.Change(urn, path, (parent, key) =>
    {
        var value = JsonNode.Parse(json);
        if (parent is JsonArray array && int.Parse(key, CultureInfo.InvariantCulture) is var index)
        {
            if (index == array.Count)
            {
                array.Add(value);
            }
            else
            {
                array[index] = value;
            }
        }
        else
        {
            parent[key] = value;
        }
    });

    internal static Plan Remove(this Plan plan, string urn, string path) => plan.Change(urn, path, (parent, key) =>
    {
        if (parent is JsonArray array)
        {
            array.RemoveAt(int.Parse(key, CultureInfo.InvariantCulture));
        }
        else
        {
            parent.AsObject().Remove(key);
        }
    });

    internal static Plan Without(this Plan plan, string urn)
    {
        Assert.Contains(plan.Resources, resource => resource.Urn == urn);
        return plan with { Resources = [.. plan.Resources.Where(resource => resource.Urn != urn)] };
    }

    internal static Plan With(this Plan plan, params PlanResource[] resources) => plan with { Resources = [.. plan.Resources, .. resources] };

    internal static Plan Edit(this Plan plan, string urn, Func<PlanResource, PlanResource> edit)
    {
        Assert.Contains(plan.Resources, resource => resource.Urn == urn);
        return plan with { Resources = [.. plan.Resources.Select(resource => resource.Urn == urn ? edit(resource) : resource)] };
    }

    internal static IReadOnlyList<string> Segments(string path) =>
        [.. path.Replace("[\"", "\u0001", StringComparison.Ordinal).Replace("\"]", "\u0002", StringComparison.Ordinal)
            .Split('\u0001', '\u0002')
            .SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries))];

    private static Plan Change(this Plan plan, string urn, string path, Action<JsonNode, string> change) => plan.Edit(urn, resource =>
    {
        var inputs = resource.Inputs.ToNode()!;
        var segments = Segments(path);
        var parent = inputs;
        foreach (var segment in segments.SkipLast(1))
        {
            parent = parent is JsonArray array ? array[int.Parse(segment, CultureInfo.InvariantCulture)]! : parent[segment] ??= new JsonObject();
        }

        change(parent, segments[^1]);
        return resource with { Inputs = PlanValue.From(inputs) };
    });
}
