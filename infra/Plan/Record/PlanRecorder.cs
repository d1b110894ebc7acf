using Candor.Program;
using Candor.Program.Config;

namespace Candor.Planning;

/// <summary>
/// Records what the program declares for a stack: runs the real program in this process against mocks, without <c>pulumi</c>,
/// credentials or network. No real secret reaches the program, so none can be in the Plan.
/// </summary>
public static class PlanRecorder
{
    /// <summary>Records a stack of the project.</summary>
    /// <param name="projectDirectory">The directory of <c>Pulumi.yaml</c>.</param>
    /// <param name="stack">The stack's name.</param>
    /// <param name="cancellationToken">Gives up before the program runs.</param>
    /// <exception cref="StackFileException">A file of the project is missing or cannot be used.</exception>
    /// <exception cref="StackConfigException">The configuration is wrong; every problem is listed.</exception>
    /// <exception cref="PlanRecordingException">The program failed.</exception>
    public static async Task<Plan> RecordAsync(string projectDirectory, string stack, CancellationToken cancellationToken)
    {
        var settings = StackFiles.Read(projectDirectory, stack, StackConfig.SecretKeys);
        return await RecordAsync(settings, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Records the program with settings that somebody else made.</summary>
    /// <inheritdoc cref="RecordAsync(string, string, CancellationToken)" path="/exception"/>
    public static async Task<Plan> RecordAsync(StackSettings settings, CancellationToken cancellationToken)
    {
        settings = WithMissingSecrets(settings);
        var config = StackConfig.Read(settings.Config);
        var plan = await ProgramRun.RecordAsync(settings, options => new CandorStack(options), cancellationToken).ConfigureAwait(false);
        return plan with
        {
            Contract = config.Main.Contract,
            Environment = config.IsProduction ? "prod" : "dev",
            Waivers = config.Waivers,
        };
    }

    // A stack whose secrets nobody has set yet can be previewed; only those that it turns out to need, because a secret that is
    // set may change what the program declares.
    private static StackSettings WithMissingSecrets(StackSettings settings)
    {
        try
        {
            _ = StackConfig.Read(settings.Config);
            return settings;
        }
        catch (StackConfigException exception)
        {
            var missing = exception.Problems
                .Where(problem => problem.Found is null)
                .Select(problem => problem.Key)
                .Intersect(StackConfig.SecretKeys, StringComparer.Ordinal);
            return settings.WithSecrets(missing);
        }
    }
}
