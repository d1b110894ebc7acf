namespace Candor.Health.Checks;

/// <summary>Why something failed: the root cause as far as it is known. Everything in it is shown publicly, so nothing in it may come from outside but codes.</summary>
/// <param name="Reason">What it means for health.</param>
/// <param name="Code">The code that the dependency answered with, such as an SQLSTATE or an AMQP reply code: letters and digits only.</param>
public sealed record FailureCause(Reason Reason, string? Code = null)
{
    private const int LongestCode = 48;

    /// <summary>The code; null when what was given is none.</summary>
    public string? Code { get; init; } = Code is { Length: > 0 and <= LongestCode } && Code.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '-' or '_') ? Code : null;

    /// <summary>The code in words, from a table of the classifier's own, such as <c>insufficient privilege</c>; never text that a dependency sent.</summary>
    public string? Condition { get; init; }

    /// <summary>The dependency that failed, by its name in the contract; null when it is not known, or when it is the app itself.</summary>
    public string? Dependency { get; init; }

    /// <summary>
    /// True when the request was at fault and no service would have served it: it does not count as a failure of the operation. False by default.
    /// </summary>
    public bool IsClientMistake { get; init; }

    /// <summary>True when the cause lies in this instance alone, whatever the dependency is.</summary>
    public bool IsLocal => Reason is Reason.PoolSaturated or Reason.PipelineStuck or Reason.Disk or Reason.Processor or Reason.Memory or Reason.Descriptors or Reason.Overloaded;

    /// <summary>The cause in one line: <c>database: 42501 insufficient privilege</c>.</summary>
    public override string ToString()
    {
        var what = Code is null ? Condition ?? Reason.Text() : $"{Code} {Condition ?? Reason.Text()}";
        return Dependency is null ? what ?? "" : $"{Dependency}: {what}";
    }
}
