using Candor.Doctor.Commands;
using Candor.Doctor.Model;
using Candor.Planning;

namespace Candor.Doctor.Cluster;

/// <summary>Asks a cluster through <c>kubectl</c>; reads only.</summary>
internal sealed class Kubectl(CommandRunner runner, string? context, string @namespace) : IDisposable
{
    /// <summary>How long one question may take.</summary>
    internal static TimeSpan Limit { get; } = TimeSpan.FromSeconds(8);

    // Each is a process of its own, and all at once would keep each other from answering in time.
    private readonly SemaphoreSlim _few = new(6);

    internal CommandRunner Runner => runner;

    internal string Namespace => @namespace;

    /// <summary>The context that was asked for by name, or null.</summary>
    internal string? Context => context;

    /// <summary>The arguments of a command, options last as people write them.</summary>
    internal IReadOnlyList<string> Arguments(params IReadOnlyList<string> arguments) => context is null ? arguments
        : [.. arguments, "--context", context];

    /// <summary>Reads every object of a kind; what is missing is told, and what came before it broke off is kept.</summary>
    /// <returns>Null when all came; else why not.</returns>
    internal async Task<string?> ListAsync(string kind, bool namespaced, Action<PlanValue> take, CancellationToken cancellationToken)
    {
        var items = new ItemReader("items");
        var arguments = namespaced ? Arguments("get", kind, "-n", @namespace, "-o", "json") : Arguments("get", kind, "-o", "json");
        var result = await FewAsync(() => runner.RunAsync(arguments, Limit, (stream, stop) => items.ReadAsync(stream, take, stop),
            cancellationToken), cancellationToken).ConfigureAwait(false);
        if (result.IsGood && items is { IsWhole: true, Problem: null, Unreadable: 0 })
        {
            return null;
        }

        // A cluster without this kind of object has none of them.
        if (result.Error.Contains("doesn't have a resource type", StringComparison.Ordinal)
            || result.Error.Contains("could not find the requested resource", StringComparison.Ordinal))
        {
            return null;
        }

        return !result.IsGood ? $"`kubectl get {kind}`: {result.Why(runner.Program, Limit)}"
            : items.Unreadable > 0
                ? FormattableString.Invariant($"`kubectl get {kind}`: {items.Unreadable} of {items.Count} objects are unreadable")
            : FormattableString.Invariant($"`kubectl get {kind}`: {items.Problem} after {items.Count} objects");
    }

    /// <summary>Whether the API server refused for want of a right.</summary>
    internal static bool IsRefusal(string? words) => words is not null && words.Contains("forbidden", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The sentence that names a right that is missing, as <c>kubectl auth can-i</c> tells it; null when it is there, or cannot be told.
    /// </summary>
    internal async Task<string?> RightAsync(string verb, string resource, string? subresource, CancellationToken cancellationToken)
    {
        List<string> question = ["auth", "can-i", verb, resource];
        if (subresource is not null)
        {
            // pods/log would be the pod named log.
            question.Add($"--subresource={subresource}");
        }

        if (resource != "nodes")
        {
            question.AddRange(["-n", @namespace]);
        }

        var result = await FewAsync(() => runner.RunAsync(Arguments(question), Limit, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return result.End == CommandEnd.Exited && result.Output.TrimStart().StartsWith("no", StringComparison.Ordinal)
            ? $"the right to {verb} {resource}{(subresource is null ? string.Empty : $"/{subresource}")} is missing (`kubectl "
                + $"{string.Join(' ', question)}`: no)"
            : null;
    }

    /// <summary>The last lines of a container's log; none when it cannot be read.</summary>
    internal async Task<(IReadOnlyList<LogLine> Lines, string? Why)> LogAsync(PodFacts pod, bool previous,
        CancellationToken cancellationToken)
    {
        List<string> arguments = ["logs", pod.Name, "-n", @namespace, "--tail=50"];
        if (pod.Containers.Count > 1 && pod.Main is { } main)
        {
            arguments.AddRange(["-c", main.Name]);
        }

        if (previous)
        {
            arguments.Add("--previous");
        }

        var result = await FewAsync(() => runner.RunAsync(Arguments(arguments), Limit, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return result.IsGood ? (LogLine.Read(result.Output), null)
            : ([], $"`kubectl logs {pod.Name}`: {result.Why(runner.Program, Limit)}");
    }

    /// <inheritdoc />
    public void Dispose() => _few.Dispose();

    private async Task<CommandResult> FewAsync(Func<Task<CommandResult>> run, CancellationToken cancellationToken)
    {
        await _few.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await run().ConfigureAwait(false);
        }
        finally
        {
            _few.Release();
        }
    }

    /// <summary>The context that is asked.</summary>
    internal async Task<string> ContextAsync(CancellationToken cancellationToken)
    {
        if (context is not null)
        {
            return context;
        }

        var result = await runner.RunAsync(["config", "current-context"], Limit, cancellationToken).ConfigureAwait(false);
        return result.IsGood ? SafeText.Of(result.Output) : string.Empty;
    }
}
