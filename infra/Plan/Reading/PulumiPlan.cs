using System.Text.Json;
using Candor.Contract;

namespace Candor.Planning;

/// <summary>Makes a Plan of the states that Pulumi's engine wrote.</summary>
internal static class PulumiPlan
{
    internal static Plan Of(IReadOnlyList<(JsonElement State, string Where)> states)
    {
        if (states.Count == 0)
        {
            throw new PlanFormatException("it lists no resource, expected at least the stack");
        }

        var first = PulumiUrn.Parse(Json.Text(states[0].State, "urn", states[0].Where));
        var resources = states
            .Where(state => !PulumiState.IsStack(state.State, state.Where))
            .Select(state => PulumiState.Read(state.State, state.Where))
            .Where(resource => !IsDefaultProvider(resource))
            .ToList();
        var plan = new Plan
        {
            Project = first.Project,
            Stack = first.Stack,
            Resources = WithKnownParents(Distinguished(resources)),
            Outputs = OutputsOf(states),
        };
        return plan with { Contract = ContractOf(plan) };
    }

    private static bool IsDefaultProvider(PlanResource resource) =>
        resource.IsProvider && resource.Name.StartsWith("default", StringComparison.Ordinal);

    // Pulumi lets a type and name repeat under different parents.
    private static List<PlanResource> Distinguished(List<PlanResource> resources) =>
        [.. resources
            .GroupBy(resource => resource.Urn, StringComparer.Ordinal)
            .SelectMany(group => group.Select((resource, index) => index == 0 ? resource : resource with
            {
                Name = $"{resource.Name} ({index + 1})",
            }))
            .DistinctBy(resource => resource.Urn, StringComparer.Ordinal)
            .OrderBy(resource => resource.Urn, StringComparer.Ordinal)];

    // A preview lists only what changes, so a parent may be absent.
    private static List<PlanResource> WithKnownParents(List<PlanResource> resources)
    {
        var known = resources.Select(resource => resource.Urn).ToHashSet(StringComparer.Ordinal);
        return [
            .. resources.Select(
                resource => resource.Parent is { } parent && !known.Contains(parent) ? resource with { Parent = null } : resource)];
    }

    private static PlanValue OutputsOf(IReadOnlyList<(JsonElement State, string Where)> states)
    {
        var stack = states.Where(state => PulumiState.IsStack(state.State, state.Where)).Select(state => state.State).FirstOrDefault();
        return stack.ValueKind == JsonValueKind.Object && Json.OptionalObject(stack, "outputs", "the stack") is { } outputs
            ? PulumiState.Clean(outputs)
            : PlanValue.EmptyObject;
    }

    private static HealthContract? ContractOf(Plan plan) =>
        plan.WorkloadsOf().Select(workload => plan.ContractOf(workload)).FirstOrDefault(contract => contract is not null);
}
