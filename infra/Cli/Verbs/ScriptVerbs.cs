using System.CommandLine;

namespace Candor.Cli.Verbs;

/// <summary>Verbs that the script carries out itself, because they build; they stand here so that help knows them.</summary>
internal static class ScriptVerbs
{
    internal static Command Test() => Placeholder("test", "Run every test of the solution.");

    internal static Command Bench() =>
        Placeholder("bench", "Run one benchmark: health, plan, lint, rollout, detection or soak.", new Argument<string[]>("name"));

    internal static Command Pack() => Placeholder("pack", "Build the packages of the health library into .candor/packages.");

    private static Command Placeholder(string name, string description, params Argument[] arguments)
    {
        var command = new Command(name, description);
        foreach (var argument in arguments)
        {
            command.Add(argument);
        }

        command.SetAction(RunByScript);
        return command;

        int RunByScript(ParseResult parsed) => throw new UsageException($"'{name}' builds the solution first: run it as ./candor {name}.");
    }
}
