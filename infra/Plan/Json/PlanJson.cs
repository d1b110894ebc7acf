using System.Buffers;
using System.Text;
using System.Text.Json;
using Candor.Contract;

namespace Candor.Planning;

/// <summary>
/// A Plan as JSON: <c>{project, stack, contract, timeline, resources, outputs}</c>, and <c>environment</c> and
/// <c>waivers</c> where it has them. Equal Plans give equal bytes. The timeline is derived from the contract, so it is written for readers
/// and never read back.
/// </summary>
public static class PlanJson
{
    /// <summary>The text, indented by two spaces, ending in a line feed.</summary>
    public static string Serialize(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, CanonicalJson.Indented))
        {
            Write(writer, plan);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter writer, Plan plan)
    {
        writer.WriteStartObject();
        writer.WriteString("project", plan.Project);
        writer.WriteString("stack", plan.Stack);
        WriteUnlessNull(writer, "environment", plan.Environment);
        if (plan.Waivers.Count > 0)
        {
            writer.WriteStartObject("waivers");
            foreach (var (rule, reason) in plan.Waivers.OrderBy(waiver => waiver.Key, StringComparer.Ordinal))
            {
                writer.WriteString(rule, reason);
            }

            writer.WriteEndObject();
        }

        writer.WritePropertyName("contract");
        WriteContract(writer, plan.Contract);
        WriteTimeline(writer, plan.Timeline);
        writer.WriteStartArray("resources");
        foreach (var resource in plan.Resources)
        {
            Write(writer, resource);
        }

        writer.WriteEndArray();
        writer.WritePropertyName("outputs");
        plan.Outputs.WriteTo(writer);
        writer.WriteEndObject();
    }

    // In the contract's own order, which is its canonical form.
    private static void WriteContract(Utf8JsonWriter writer, HealthContract? contract)
    {
        if (contract is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            JsonElement.Parse(ContractJson.Serialize(contract)).WriteTo(writer);
        }
    }

    private static void WriteTimeline(Utf8JsonWriter writer, ContractTimeline? timeline)
    {
        writer.WritePropertyName("timeline");
        if (timeline is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        foreach (var row in timeline.Rows)
        {
            writer.WriteStartObject(row.Key);
            writer.WriteString("best", DurationText.Format(row.Window.Best));
            writer.WriteString("worst", DurationText.Format(row.Window.Worst));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, PlanResource resource)
    {
        writer.WriteStartObject();
        writer.WriteString("type", resource.Type);
        writer.WriteString("name", resource.Name);
        WriteUnlessNull(writer, "id", resource.Id);
        WriteUnlessNull(writer, "arn", resource.Arn);
        if (resource.IsComponent)
        {
            writer.WriteBoolean("component", true);
        }

        if (resource.IsExternal)
        {
            writer.WriteBoolean("external", true);
        }

        writer.WriteString("parent", resource.Parent);
        writer.WriteString("provider", resource.Provider);
        WriteList(writer, "dependsOn", resource.DependsOn);
        writer.WriteBoolean("protect", resource.Protect);
        WriteList(writer, "ignoreChanges", resource.IgnoreChanges);
        if (resource.CustomTimeouts is { } timeouts)
        {
            writer.WriteStartObject("customTimeouts");
            WriteUnlessNull(writer, "create", Text(timeouts.Create));
            WriteUnlessNull(writer, "update", Text(timeouts.Update));
            WriteUnlessNull(writer, "delete", Text(timeouts.Delete));
            writer.WriteEndObject();
        }

        writer.WritePropertyName("inputs");
        resource.Inputs.WriteTo(writer);
        writer.WriteEndObject();
    }

    private static string? Text(TimeSpan? duration) => duration is { } some ? DurationText.Format(some) : null;

    private static void WriteUnlessNull(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
