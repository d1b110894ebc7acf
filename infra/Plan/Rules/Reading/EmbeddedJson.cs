using System.Text.Json;

namespace Candor.Planning.Rules;

/// <summary>JSON inside of a string, as annotations and alarm rules carry it.</summary>
internal static class EmbeddedJson
{
    /// <summary>Its value, or missing when it is no JSON.</summary>
    internal static PlanValue Parse(string? text)
    {
        if (text is null)
        {
            return PlanValue.Missing;
        }

        try
        {
            return PlanValue.Parse(text);
        }
        catch (JsonException)
        {
            return PlanValue.Missing;
        }
    }
}
