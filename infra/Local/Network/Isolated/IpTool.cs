namespace Candor.Local;

/// <summary>Runs <c>ip</c>, and programs within network namespaces.</summary>
internal static class IpTool
{
    private static readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal) { ["PATH"] = SystemPrograms.DefaultPath };

    /// <exception cref="LocalException">It failed; the message has its output.</exception>
    public static Task RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        CheckAsync(
            new() { Program = SystemPrograms.Require("ip"), Arguments = arguments, Environment = _environment }, null, cancellationToken);

    /// <summary>Where failing is as good: what should go is gone already.</summary>
    public static async Task TryAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        await Command.RunAsync(
            new() { Program = SystemPrograms.Require("ip"), Arguments = arguments, Environment = _environment }, null, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>Runs a program in a namespace, with text on its standard input.</summary>
    public static Task InNamespaceAsync(
        string name, string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken) =>
        CheckAsync(
            new() { Program = program, Arguments = arguments, Environment = _environment, NetworkNamespace = $"/run/netns/{name}" },
            input,
            cancellationToken);

    private static async Task CheckAsync(ProcessStart start, string? input, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await Command.RunAsync(start, input, cancellationToken).ConfigureAwait(false);
        if (exitCode != 0)
        {
            throw new LocalException(
                $"{start.Program} {string.Join(' ', start.Arguments)} failed with exit code {exitCode}: {output.Trim()}");
        }
    }
}
