using System.Collections.Immutable;
using System.Text.Json;
using Candor.Contract;

namespace Candor.Planning;

/// <summary>Reads what <see cref="PlanJson"/> writes.</summary>
internal static class CandorPlan
{
    private static readonly string[] PlanKeys =
    [
        "project",
        "stack",
        "environment",
        "waivers",
        "contract",
        "timeline",
        "resources",
        "outputs",
    ];

    private static readonly string[] ResourceKeys =
    [
        "type", "name", "id", "arn", "component", "external", "parent", "provider", "dependsOn", "protect", "ignoreChanges",
        "customTimeouts", "inputs",
    ];

    internal static Plan Read(JsonElement root)
    {
        RequireKnown(root, PlanKeys, "the plan");
        var resources = Json.Array(root, "resources", "the plan").Select(ReadResource).ToList();
        return new()
        {
            Project = Json.Text(root, "project", "the plan"),
            Stack = Json.Text(root, "stack", "the plan"),
            Environment = Json.OptionalText(root, "environment", "the plan"),
            Waivers = ReadWaivers(root),
            Contract = ReadContract(root),
            Resources = Ordered(resources),
            Outputs = Json.OptionalObject(root, "outputs", "the plan") is { } outputs ? CanonicalJson.Of(outputs) : PlanValue.EmptyObject,
        };
    }

    private static List<PlanResource> Ordered(List<PlanResource> resources)
    {
        resources.Sort((a, b) => string.CompareOrdinal(a.Urn, b.Urn));
        var twice = resources.Zip(resources.Skip(1)).FirstOrDefault(pair => pair.First.Urn == pair.Second.Urn).First;
        return twice is null ? resources : throw new PlanFormatException($"it lists {twice.Urn} twice, expected each resource once");
    }

    private static ImmutableSortedDictionary<string, string> ReadWaivers(JsonElement root) =>
        Json.OptionalObject(root, "waivers", "the plan") is { } waivers
            ? waivers.EnumerateObject().ToImmutableSortedDictionary(
                CanonicalJson.NameOf,
                waiver => Json.Text(waivers, CanonicalJson.NameOf(waiver), "waivers"),
                StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, string>.Empty;

    private static HealthContract? ReadContract(JsonElement root)
    {
        if (Json.OptionalObject(root, "contract", "the plan") is not { } written)
        {
            return null;
        }

        // Only its form: whether its numbers hold is for lint to say.
        var (contract, violations) = ContractJson.Read(new HealthContract(), CanonicalJson.Of(written).ToString());
        return violations.Count == 0
            ? contract
            : throw new PlanFormatException("its contract cannot be read: " + string.Join("; ", violations));
    }

    private static PlanResource ReadResource(JsonElement element, int number)
    {
        var where = $"resources[{number}]";
        Json.Expect(element, JsonValueKind.Object, where);
        RequireKnown(element, ResourceKeys, where);
        var name = Json.Text(element, "name", where);
        return new()
        {
            Type = Json.Text(element, "type", where),
            Name = name,
            Id = Json.OptionalText(element, "id", where),
            Arn = Json.OptionalText(element, "arn", where),
            IsComponent = Json.Truth(element, "component", where),
            IsExternal = Json.Truth(element, "external", where),
            Parent = Json.OptionalText(element, "parent", where),
            Provider = Json.OptionalText(element, "provider", where),
            DependsOn = Json.Texts(element, "dependsOn", where),
            Protect = Json.Truth(element, "protect", where),
            IgnoreChanges = Json.Texts(element, "ignoreChanges", where),
            CustomTimeouts = ReadTimeouts(element, where),
            Inputs = Json.OptionalObject(element, "inputs", where) is { } inputs
                ? CanonicalJson.Of(inputs)
                : throw new PlanFormatException($"{where} ({name}) has no inputs, expected an object"),
        };
    }

    private static PlanTimeouts? ReadTimeouts(JsonElement element, string where) =>
        Json.OptionalObject(element, "customTimeouts", where) is { } timeouts
            ? new(Duration(timeouts, "create", where), Duration(timeouts, "update", where), Duration(timeouts, "delete", where))
            : null;

    private static TimeSpan? Duration(JsonElement timeouts, string name, string where)
    {
        if (Json.OptionalText(timeouts, name, $"{where}.customTimeouts") is not { } text)
        {
            return null;
        }

        return DurationText.TryParse(text, out var duration)
            ? duration
            : throw new PlanFormatException($"{where}.customTimeouts.{name} is \"{text}\", expected a duration such as 10m");
    }

    private static void RequireKnown(JsonElement holder, string[] known, string where)
    {
        foreach (var property in holder.EnumerateObject())
        {
            if (!known.Any(property.NameEquals))
            {
                var name = CanonicalJson.NameOf(property);
                var nearest = NearestName.Of(name[..Math.Min(name.Length, 40)], known);
                throw new PlanFormatException($"{where} has the unknown key \"{name[..Math.Min(name.Length, 40)]}\""
                    + (nearest is null ? string.Empty : $", did you mean {nearest}?"));
            }
        }
    }
}
