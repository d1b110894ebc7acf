using Microsoft.Extensions.Configuration;

namespace Candor.Health.Settings;

/// <summary>Reads <see cref="CandorOptions"/> from the configuration, so that a part can be switched off without a change of code.</summary>
internal static class ConfiguredOptions
{
    private const string Section = "Candor";

    /// <exception cref="InvalidSettingException">A value is neither true nor false.</exception>
    public static void Apply(IConfiguration configuration, CandorOptions options)
    {
        options.Listen = Read(configuration, nameof(options.Listen), options.Listen);
        options.DynamicPorts = Read(configuration, nameof(options.DynamicPorts), options.DynamicPorts);
        options.ProbeInterception = Read(configuration, nameof(options.ProbeInterception), options.ProbeInterception);
        options.Watchdog = Read(configuration, nameof(options.Watchdog), options.Watchdog);
        options.Lifetime = Read(configuration, nameof(options.Lifetime), options.Lifetime);
    }

    private static bool Read(IConfiguration configuration, string name, bool otherwise)
    {
        var text = configuration[$"{Section}:{name}"];
        return string.IsNullOrEmpty(text) ? otherwise
            : bool.TryParse(text, out var value) ? value
            : throw new InvalidSettingException($"{Section}:{name}", $"\"{text}\"", "true or false", "Correct it, or take it out of the configuration.");
    }
}
