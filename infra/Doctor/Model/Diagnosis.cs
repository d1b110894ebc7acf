namespace Candor.Doctor.Model;

/// <summary>A side or a fact that could not be had.</summary>
/// <param name="Side">Which: <c>cluster</c>, <c>aws</c>, <c>local</c>.</param>
/// <param name="Missing">What could not be read.</param>
/// <param name="Needed">The command or the right that is missing, or what went wrong.</param>
/// <param name="NotLookedFor">The causes that could therefore not be looked for.</param>
public sealed record Gap(string Side, string Missing, string Needed, IReadOnlyList<string> NotLookedFor);

/// <summary>What the doctor found.</summary>
public sealed record Diagnosis
{
    /// <summary>What was looked at: a URL, a stack, a target group.</summary>
    public required string Subject { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The first broken step's cause; a warning when nothing fails; null when nothing is wrong.</summary>
    public Finding? Cause { get; init; }

    /// <summary>The path of the probe as found.</summary>
    public IReadOnlyList<StepMark> Path { get; init; } = [];

    /// <summary>Causes of something else than <see cref="Cause"/>, the worst first.</summary>
    public IReadOnlyList<Finding> Others { get; init; } = [];

    /// <summary>What is worth knowing and no fault.</summary>
    public IReadOnlyList<Finding> Notes { get; init; } = [];

    /// <summary>What was asked and answered, a line each, with counts where it was a sample.</summary>
    public IReadOnlyList<string> Looked { get; init; } = [];

    /// <summary>What could not be asked.</summary>
    public IReadOnlyList<Gap> Gaps { get; init; } = [];

    /// <summary>
    /// 0 nothing fails, 1 a fault was found, 2 nothing at all could be looked at. A warning alone leaves it at 0: nothing fails by it now.
    /// </summary>
    public int ExitCode => Cause?.Severity == Severity.Fault ? 1 : Looked.Count == 0 ? 2 : 0;

    /// <summary>Puts findings in order: the worst first, then the earliest on the probe's path.</summary>
    internal static IReadOnlyList<Finding> InOrder(IEnumerable<Finding> findings) =>
        [.. findings.OrderBy(finding => finding.Severity).ThenBy(finding => finding.Step).ThenBy(finding => finding.Confidence)];
}
