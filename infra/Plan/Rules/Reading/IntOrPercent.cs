using System.Globalization;

namespace Candor.Planning.Rules;

/// <summary>Kubernetes' <c>IntOrString</c>: a count, or a percentage of the replicas.</summary>
internal static class IntOrPercent
{
    /// <summary>The count it comes to for so many replicas; null when it is missing, unknown or neither.</summary>
    /// <param name="value">Such as <c>1</c> or <c>25%</c>.</param>
    /// <param name="replicas">What a percentage is of.</param>
    /// <param name="up">Whether fractions count as a whole one, as for maxSurge and in a PodDisruptionBudget.</param>
    internal static int? Of(PlanValue value, int replicas, bool up)
    {
        if (value.Text is not { } text || !text.EndsWith('%'))
        {
            return value.Whole();
        }

        if (!double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) || percent > 10_000)
        {
            return null;
        }

        var share = replicas * percent / 100;
        return (int)(up ? Math.Ceiling(share) : Math.Floor(share));
    }
}
