using Candor.Cli.Terminal;
using Spectre.Console;

namespace Candor.Cli;

/// <summary>What a verb works with, passed in so that tests can hand over their own.</summary>
/// <param name="ProjectDirectory">The folder with Pulumi.yaml and the stack files.</param>
/// <param name="Out">What the verb is asked for; may be piped.</param>
/// <param name="Error">Progress and errors; never part of the answer.</param>
/// <param name="Time">The clock.</param>
public sealed record CliContext(string ProjectDirectory, IAnsiConsole Out, IAnsiConsole Error, TimeProvider Time)
{
    /// <summary>Opens standard input, for verbs that read a plan from it.</summary>
    public Func<Stream> In { get; init; } = Console.OpenStandardInput;

    /// <summary>Where answers to questions are read, or null where nobody is there to ask.</summary>
    public TextReader? Replies { get; init; }

    /// <summary>The environment variable in which the script says where the project lies.</summary>
    public const string HomeVariable = "CANDOR_HOME";

    /// <summary>The context of this process: the folder from <see cref="HomeVariable"/>, or the nearest above the current one with a Pulumi.yaml.</summary>
    public static CliContext FromProcess() => new(
        FindProject(),
        SafeConsole.Of(SafeConsole.Stream(1, Console.Out), Console.IsOutputRedirected),
        SafeConsole.Of(SafeConsole.Stream(2, Console.Error), Console.IsErrorRedirected),
        TimeProvider.System)
    {
        Replies = Console.IsInputRedirected || Console.IsErrorRedirected ? null : Console.In,
    };

    private static string FindProject()
    {
        if (Environment.GetEnvironmentVariable(HomeVariable) is { Length: > 0 } home)
        {
            return home;
        }

        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pulumi.yaml")))
            {
                return folder.FullName;
            }
        }

        return Environment.CurrentDirectory;
    }
}
