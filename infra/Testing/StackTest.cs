using Candor.Planning;
using Pulumi;

namespace Candor.Testing;

/// <summary>
/// Records what a Pulumi stack declares, in this process, without the Pulumi CLI, a cloud or credentials. Lookups and new resources are
/// answered as the cloud would, with the same names every time.
/// </summary>
public static class StackTest
{
    /// <summary>Records a stack with the config given here.</summary>
    /// <param name="create">
    /// Makes the stack. Pass the options on to the constructor of <see cref="Stack"/>: parents, dependencies, protection and ignored
    /// changes are seen through them, and are missing from the Plan otherwise.
    /// </param>
    /// <param name="config">Config by full key, such as <c>shop:replicas</c>; objects and lists as JSON. None when null.</param>
    /// <param name="project">The project's name: config that the program reads without a namespace is of this project.</param>
    /// <param name="stack">The stack's name.</param>
    /// <param name="cancellationToken">Cancels before the program runs.</param>
    /// <exception cref="PlanRecordingException">The program failed; the message is its own.</exception>
    public static async Task<RecordedStack> RecordAsync<TStack>(
        Func<StackOptions, TStack> create,
        IReadOnlyDictionary<string, string>? config = null,
        string project = "project",
        string stack = "test",
        CancellationToken cancellationToken = default)
        where TStack : Stack
    {
        var settings = new StackSettings
        {
            Project = project,
            Stack = stack,
            Config = config ?? new Dictionary<string, string>(),
            SecretKeys = [],
        };
        return new(await PlanRecorder.RecordAsync(settings, create, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>
    /// Records a stack with the config of <c>Pulumi.yaml</c> and <c>Pulumi.&lt;stack&gt;.yaml</c>; secrets become placeholders.
    /// </summary>
    /// <param name="projectDirectory">The directory of <c>Pulumi.yaml</c>.</param>
    /// <param name="stack">The stack's name.</param>
    /// <param name="create">Makes the stack, as above.</param>
    /// <param name="cancellationToken">Cancels before the program runs.</param>
    /// <exception cref="StackFileException">A file of the project is missing or cannot be used.</exception>
    /// <exception cref="PlanRecordingException">The program failed; the message is its own.</exception>
    public static async Task<RecordedStack> RecordAsync<TStack>(
        string projectDirectory, string stack, Func<StackOptions, TStack> create, CancellationToken cancellationToken = default)
        where TStack : Stack
        => new(await PlanRecorder.RecordAsync(projectDirectory, stack, create, cancellationToken).ConfigureAwait(false));
}
