namespace Candor.Orders.Configuration;

/// <summary>Settings that the service cannot start with; carries every mistake.</summary>
public sealed class InvalidSettingsException(IReadOnlyList<string> mistakes)
    : Exception("Orders cannot start with these settings:" + string.Concat(mistakes.Select(m => $"{System.Environment.NewLine}  {m}")))
{
    /// <summary>One sentence each: which setting, what was found, what was expected.</summary>
    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}
