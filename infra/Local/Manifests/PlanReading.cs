using Candor.Contract;
using Candor.Planning;

namespace Candor.Local;

/// <summary>How Kubernetes and AWS inputs are read.</summary>
internal static class PlanReading
{
    /// <summary>An object of strings as a dictionary.</summary>
    public static IReadOnlyDictionary<string, string> Texts(this PlanValue value) =>
        value.Properties.ToDictionary(p => p.Key, p => p.Value.Text ?? p.Value.ToString(), StringComparer.Ordinal);

    /// <summary>An array of strings.</summary>
    public static IReadOnlyList<string> TextItems(this PlanValue value) => [.. value.Items.Select(item => item.Text ?? item.ToString())];

    /// <summary>A number of seconds, divided by the speed.</summary>
    public static TimeSpan Seconds(this PlanValue value, double defaultSeconds, double speed) =>
        TimeSpan.FromSeconds(value.Number ?? defaultSeconds).Scale(speed);

    /// <summary>A whole number.</summary>
    public static int Whole(this PlanValue value, int defaultValue) => (int)(value.Number ?? defaultValue);

    /// <summary>A port by number or by name, as text.</summary>
    public static string PortText(this PlanValue value) =>
        value.Number is { } number ? ((int)number).ToString(System.Globalization.CultureInfo.InvariantCulture) : value.Text ?? string.Empty;

    /// <summary>Whether every label of the selector is there.</summary>
    public static bool Selects(this IReadOnlyDictionary<string, string> selector, IReadOnlyDictionary<string, string> labels) =>
        selector.Count > 0 && selector.All(pair => labels.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
