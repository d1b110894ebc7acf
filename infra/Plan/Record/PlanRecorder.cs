using System.Text.Json.Nodes;
using Candor.Program;
using Candor.Program.Config;
using Pulumi;

namespace Candor.Planning;

/// <summary>
/// Records what the program declares for a stack: runs the real program in this process against mocks, without <c>pulumi</c>,
/// credentials or network. No real secret reaches the program, so none can be in the Plan.
/// </summary>
public static class PlanRecorder
{
    private const string ConnectionsKey = $"{ConfigKeys.Namespace}:connections";

    /// <summary>Records a stack of the project.</summary>
    /// <param name="projectDirectory">The directory of <c>Pulumi.yaml</c>.</param>
    /// <param name="stack">The stack's name.</param>
    /// <param name="cancellationToken">Cancels before the program runs.</param>
    /// <exception cref="StackFileException">A file of the project is missing or cannot be used.</exception>
    /// <exception cref="StackConfigException">The configuration is wrong; every problem is listed.</exception>
    /// <exception cref="PlanRecordingException">The program failed.</exception>
    public static async Task<Plan> RecordAsync(string projectDirectory, string stack, CancellationToken cancellationToken)
    {
        var settings = StackFiles.Read(projectDirectory, stack, StackConfig.SecretKeys);
        return await RecordAsync(settings, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The stack's configuration as the program reads it, with placeholders for secrets that are not set.</summary>
    /// <exception cref="StackConfigException">The configuration is wrong; every problem is listed.</exception>
    public static StackConfig ReadConfig(StackSettings settings)
    {
        settings = WithMissingSecrets(settings);
        return StackConfig.Read(settings.Config, settings.ProjectDirectory);
    }

    /// <summary>Records the program with settings that somebody else made.</summary>
    /// <inheritdoc cref="RecordAsync(string, string, CancellationToken)" path="/exception"/>
    public static async Task<Plan> RecordAsync(StackSettings settings, CancellationToken cancellationToken)
    {
        settings = WithMissingSecrets(settings);
        var config = StackConfig.Read(settings.Config, settings.ProjectDirectory);
        var plan = await ProgramRun.RecordAsync(settings, options => new CandorStack(options), cancellationToken).ConfigureAwait(false);
        return plan with
        {
            Contract = config.Main.Contract,
            Environment = config.IsProduction ? "prod" : "dev",
            Waivers = config.Waivers,
        };
    }

    /// <summary>Records a stack of any Pulumi C# program with the config of its project's files.</summary>
    /// <param name="projectDirectory">The directory of <c>Pulumi.yaml</c>.</param>
    /// <param name="stack">The stack's name.</param>
    /// <param name="create">
    /// Makes the stack. It passes the options on to the constructor of <see cref="Stack"/>: through them parents, dependencies, protection
    /// and ignored changes are seen.
    /// </param>
    /// <param name="cancellationToken">Cancels before the program runs.</param>
    /// <exception cref="StackFileException">A file of the project is missing or cannot be used.</exception>
    /// <exception cref="PlanRecordingException">The program failed.</exception>
    public static Task<Plan> RecordAsync<TStack>(
        string projectDirectory, string stack, Func<StackOptions, TStack> create, CancellationToken cancellationToken)
        where TStack : Stack
        => RecordAsync(StackFiles.Read(projectDirectory, stack, secretKeys: []), create, cancellationToken);

    /// <summary>Records a stack of any Pulumi C# program. Its health contract, where it has one, is that of its first service.</summary>
    /// <inheritdoc cref="RecordAsync{TStack}(string, string, Func{StackOptions, TStack}, CancellationToken)" path="/exception"/>
    public static async Task<Plan> RecordAsync<TStack>(
        StackSettings settings, Func<StackOptions, TStack> create, CancellationToken cancellationToken)
        where TStack : Stack
    {
        var plan = await ProgramRun.RecordAsync(settings, create, cancellationToken).ConfigureAwait(false);
        return plan with
        {
            Contract = plan.WorkloadsOf().Select(workload => plan.ContractOf(workload)).FirstOrDefault(found => found is not null),
        };
    }

    // A stack whose secrets nobody has set yet can be previewed; only those that it turns out to need, because a secret that is
    // set may change what the program declares.
    private static StackSettings WithMissingSecrets(StackSettings settings)
    {
        try
        {
            _ = StackConfig.Read(settings.Config, settings.ProjectDirectory);
            return settings;
        }
        catch (StackConfigException exception)
        {
            var missing = exception.Problems.Where(problem => problem.Found is null).Select(problem => problem.Key).ToList();
            return WithConnections(
                settings.WithSecrets(missing.Intersect(StackConfig.SecretKeys, StringComparer.Ordinal)),
                [.. missing.Where(key => key.StartsWith(ConnectionsKey + ".", StringComparison.Ordinal))]);
        }
    }

    // The secrets within an object are tokens in their places.
    private static StackSettings WithConnections(StackSettings settings, IReadOnlyList<string> keys)
    {
        if (keys.Count == 0)
        {
            return settings;
        }

        var given = JsonNode.Parse(settings.Config.GetValueOrDefault(ConnectionsKey) is { Length: > 0 } text ? text : "{}")!.AsObject();
        foreach (var key in keys)
        {
            given[key[(ConnectionsKey.Length + 1)..]] = SecretToken.Of(key);
        }

        return settings with
        {
            Config = new SortedDictionary<string, string>(settings.Config.ToDictionary(), StringComparer.Ordinal)
            {
                [ConnectionsKey] = given.ToJsonString(),
            },
            SecretKeys = [.. settings.SecretKeys.Append(ConnectionsKey).Distinct().Order(StringComparer.Ordinal)],
        };
    }
}

/// <summary>The program failed while its Plan was recorded.</summary>
public sealed class PlanRecordingException : Exception
{
    /// <summary>With the program's own message.</summary>
    public PlanRecordingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
