namespace Pulumi;

public sealed partial class Deployment
{
    private static readonly string[] EngineVariables =
        ["PULUMI_MONITOR", "PULUMI_ENGINE", "PULUMI_PROJECT", "PULUMI_STACK", "PULUMI_DRY_RUN", "PULUMI_PARALLEL"];

    /// <summary>Runs a program under the engine, which the subset cannot: the error explains why.</summary>
    public static Task<int> RunAsync(Action action) => FailAsync();

    /// <inheritdoc cref="RunAsync(Action)"/>
    public static Task<int> RunAsync(Func<IDictionary<string, object?>> func) => FailAsync();

    /// <inheritdoc cref="RunAsync(Action)"/>
    public static Task<int> RunAsync(Func<Task> func) => FailAsync();

    /// <inheritdoc cref="RunAsync(Action)"/>
    public static Task<int> RunAsync(Func<Task<IDictionary<string, object?>>> func, StackOptions? options = null) => FailAsync();

    /// <inheritdoc cref="RunAsync(Action)"/>
    public static Task<int> RunAsync<TStack>()
        where TStack : Stack, new()
        => FailAsync();

    /// <inheritdoc cref="RunAsync(Action)"/>
    public static Task<int> RunAsync<TStack>(IServiceProvider serviceProvider)
        where TStack : Stack
        => FailAsync();

    // Without an engine the official packages fail with the first sentence; the second is ours.
    private static Task<int> FailAsync()
        => Task.FromException<int>(new InvalidOperationException(
            EngineVariables.All(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
                ? NeedsOfficialPackages("Deployments")
                : "Program run without the Pulumi engine available; re-run using the `pulumi` CLI. "
                    + NeedsOfficialPackages("Deployments")));
}
