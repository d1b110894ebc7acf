using System.Text.Json;
using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>
/// Reads a value as what a field holds, keeping three things apart that a rule must not mix up: missing (the default holds),
/// unknown until deployment (nothing can be said), and known.
/// </summary>
internal static class PlanValueReading
{
    /// <summary>Longer than this is no duration of a probe or drain; it also keeps arithmetic from overflowing.</summary>
    private const double LongestSeconds = 1e9;

    /// <summary>What the reader of a Plan writes for a value that is known only after deployment, alone or with what it comes from.</summary>
    private const string Unknown = "[unknown";

    /// <summary>What the recorder and the reader write for a secret.</summary>
    private const string Secret = "[secret";

    /// <summary>Whether it is there but says nothing: unknown until deployment, or hidden as a secret.</summary>
    internal static bool IsUnknown(this PlanValue value) => value.Kind == JsonValueKind.String && IsUnknown(value.Text);

    /// <summary>Whether anything within it is unknown until deployment.</summary>
    internal static bool HasUnknown(this PlanValue value) => value.Exists && value.ToString().Contains(Unknown, StringComparison.Ordinal);

    /// <summary>Whether text contains something not known yet, or is nothing but a secret.</summary>
    internal static bool IsUnknown(string? text) =>
        text is not null
        && (text.Contains(Unknown, StringComparison.Ordinal) || (text.StartsWith(Secret, StringComparison.Ordinal) && text.EndsWith(']')));

    /// <summary>Whether text contains what stands for a secret.</summary>
    internal static bool HoldsSecret(string? text) => text is not null && text.Contains(Secret, StringComparison.Ordinal);

    /// <summary>Whether it is not there, so that the field's default holds.</summary>
    internal static bool IsMissing(this PlanValue value) => !value.Exists;

    /// <summary>The text when it is known, else null.</summary>
    internal static string? Known(this PlanValue value) => value.Text is { } text && !IsUnknown(text) ? text : null;

    /// <summary>A whole number; the default when missing; null when unknown or no whole number.</summary>
    internal static int? Whole(this PlanValue value, int? missing = null)
    {
        if (value.IsMissing())
        {
            return missing;
        }

        return value.Number is { } number && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue ? (int)number : null;
    }

    /// <summary>Seconds as a duration; the default when missing; null when unknown or no sensible number.</summary>
    internal static TimeSpan? Seconds(this PlanValue value, TimeSpan? missing = null)
    {
        if (value.IsMissing())
        {
            return missing;
        }

        return value.Number is { } number && Math.Abs(number) <= LongestSeconds ? TimeSpan.FromSeconds(number) : null;
    }

    /// <summary>Seconds as a duration; the default, in seconds, when missing.</summary>
    internal static TimeSpan? Seconds(this PlanValue value, double missing) => value.Seconds(TimeSpan.FromSeconds(missing));

    /// <summary>A value as a message shows it.</summary>
    internal static string Shown(this PlanValue value)
    {
        if (value.IsMissing())
        {
            return "not set";
        }

        if (value.IsUnknown())
        {
            return "unknown until deployment";
        }

        var text = value.Kind == JsonValueKind.String ? $"\"{value.Text}\"" : value.ToString();
        return text.Length <= 120 ? text : string.Concat(text.AsSpan(0, 117), "...");
    }

    /// <summary>A duration as a message shows it.</summary>
    internal static string Shown(this TimeSpan duration) => DurationText.Format(duration);
}
