using System.Text.Json;
using Candor.Program.Config;

namespace Candor.Planning;

/// <summary>
/// Hands a stack's config to the program where Pulumi's testing API looks for it, in the environment of the process, and restores
/// what was there. One program at a time: the environment is shared by the whole process.
/// </summary>
internal sealed class ProcessConfig : IDisposable
{
    private const string Values = "PULUMI_CONFIG";
    private const string SecretKeys = "PULUMI_CONFIG_SECRET_KEYS";
    private const string Root = StackConfig.RootVariable;

    // As process-wide as what it guards.
    private static readonly SemaphoreSlim Turn = new(1, 1);

    private readonly string? _values = Environment.GetEnvironmentVariable(Values);
    private readonly string? _secretKeys = Environment.GetEnvironmentVariable(SecretKeys);
    private readonly string? _root = Environment.GetEnvironmentVariable(Root);

    private ProcessConfig(StackSettings settings)
    {
        Environment.SetEnvironmentVariable(Values, JsonSerializer.Serialize(settings.Config));
        Environment.SetEnvironmentVariable(SecretKeys, JsonSerializer.Serialize(settings.SecretKeys));
        Environment.SetEnvironmentVariable(Root, settings.ProjectDirectory ?? _root);
    }

    /// <summary>Waits for its turn and sets the config until disposed.</summary>
    internal static async Task<ProcessConfig> SetAsync(StackSettings settings, CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new(settings);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Values, _values);
        Environment.SetEnvironmentVariable(SecretKeys, _secretKeys);
        Environment.SetEnvironmentVariable(Root, _root);
        Turn.Release();
    }
}
