using System.Text.Json;

namespace Candor.Planning;

/// <summary>Reads the output of <c>pulumi stack export</c>: <c>{version, deployment: {resources: [...]}}</c>.</summary>
internal static class PulumiExport
{
    internal static Plan Read(JsonElement root)
    {
        var deployment = Json.OptionalObject(root, "deployment", "the export")
            ?? throw new PlanFormatException("its deployment is null, expected an object: the stack was never deployed");
        return PulumiPlan.Of([.. Json.Array(deployment, "resources", "deployment").Select(Numbered).Where(IsLive)]);
    }

    private static (JsonElement State, string Where) Numbered(JsonElement state, int number)
    {
        var where = $"deployment.resources[{number}]";
        Json.Expect(state, JsonValueKind.Object, where);
        return (state, where);
    }

    // A resource that is only waiting for its deletion is no longer declared.
    private static bool IsLive((JsonElement State, string Where) entry) => !Json.Truth(entry.State, "delete", entry.Where);
}
