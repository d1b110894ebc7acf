namespace Candor.Doctor.Model;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>Something is broken: a probe fails, or users do. Exit code 1.</summary>
    Fault,

    /// <summary>Nothing fails now, but it will, or it nearly did: a suggestion. Leaves the exit code at 0.</summary>
    Warning,

    /// <summary>Not a fault, and worth knowing: an instance that starts or drains. Leaves the exit code at 0.</summary>
    Note,
}

/// <summary>How sure a finding is.</summary>
public enum Confidence
{
    /// <summary>The evidence admits no other explanation.</summary>
    Certain,

    /// <summary>The evidence fits this best, and something that would prove it is missing.</summary>
    Likely,

    /// <summary>One of several explanations.</summary>
    Possible,
}

/// <summary>Something that was read, and where.</summary>
public sealed record Evidence
{
    private readonly string _value = string.Empty;
    private readonly string _source = string.Empty;

    /// <summary>Creates one.</summary>
    /// <param name="value">What was found there.</param>
    /// <param name="source">Where it was read: a command, an object's field, a URL.</param>
    /// <param name="at">When it was so, where that is known.</param>
    public Evidence(string value, string source, DateTimeOffset? at = null)
    {
        Value = value;
        Source = source;
        At = at;
    }

    /// <summary>What was found there; credentials are masked.</summary>
    public string Value
    {
        get => _value;
        init => _value = SafeText.Of(value);
    }

    /// <summary>Where it was read.</summary>
    public string Source
    {
        get => _source;
        init => _source = SafeText.Of(value);
    }

    /// <summary>When it was so, where that is known.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>One cause that was found.</summary>
public sealed record Finding
{
    private readonly string _title = string.Empty;
    private readonly string _fix = string.Empty;
    private readonly IReadOnlyList<string> _commands = [];
    private readonly IReadOnlyList<string> _symptoms = [];

    /// <summary>The cause's stable id, such as <c>image-pull</c>.</summary>
    public required string Cause { get; init; }

    /// <summary>The fault of docs/faults.md that it is, such as <c>F103</c>, or null.</summary>
    public string? Fault { get; init; }

    /// <summary>What it is about: a service, a pod, a target group, a URL.</summary>
    public required string Subject { get; init; }

    /// <summary>A sentence with the cause and the two things that disagree.</summary>
    public required string Title
    {
        get => _title;
        init => _title = SafeText.Of(value);
    }

    /// <summary>Where on the probe's path it breaks.</summary>
    public required PathStep Step { get; init; }

    /// <summary>How much it matters.</summary>
    public Severity Severity { get; init; } = Severity.Fault;

    /// <summary>How sure it is.</summary>
    public Confidence Confidence { get; init; } = Confidence.Certain;

    /// <summary>What was read, and where.</summary>
    public IReadOnlyList<Evidence> Evidence { get; init; } = [];

    /// <summary>What to do, in a sentence.</summary>
    public required string Fix
    {
        get => _fix;
        init => _fix = SafeText.Of(value);
    }

    /// <summary>The fix as commands, or as lines of a diff.</summary>
    public IReadOnlyList<string> Commands
    {
        get => _commands;
        init => _commands = [.. value.Select(SafeText.Of)];
    }

    /// <summary>What else is seen because of it, a sentence each.</summary>
    public IReadOnlyList<string> Symptoms
    {
        get => _symptoms;
        init => _symptoms = [.. value.Select(SafeText.Of)];
    }
}
