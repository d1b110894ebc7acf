namespace Candor.Health.Settings;

/// <summary>A setting that cannot be used. The message is for a person, and complete; the process should print it and exit with 2.</summary>
public sealed class InvalidSettingException : Exception
{
    /// <summary>Names what is wrong.</summary>
    /// <param name="setting">The setting: an environment variable, or a registration.</param>
    /// <param name="found">What was found. Never a secret.</param>
    /// <param name="expected">What was expected.</param>
    /// <param name="fix">What to change.</param>
    public InvalidSettingException(string setting, string found, string expected, string fix)
        : base($"{setting} is {found}, expected {expected}. Fix: {fix}") => Setting = setting;

    /// <summary>The setting it is about.</summary>
    public string Setting { get; }
}
