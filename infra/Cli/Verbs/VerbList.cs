using System.CommandLine;

namespace Candor.Cli.Verbs;

/// <summary>The verbs of <c>./candor</c>, in the order in which help lists them.</summary>
internal static class VerbList
{
    internal static RootCommand Root(CliContext context)
    {
        var root = new RootCommand("Health checks that match what users get, and infrastructure configured from the same contract.");
        foreach (var verb in All(context))
        {
            root.Add(verb);
        }

        return root;
    }

    private static IEnumerable<Command> All(CliContext context)
    {
        yield return InitVerb.Create(context);
        yield return UpVerb.Create(context);
        yield return DownVerb.Create(context);
        yield return StatusVerb.Create(context);
        yield return DoctorVerb.Create(context);
        yield return LogsVerb.Create(context);
        yield return EnvVerb.Create(context);
        yield return RolloutVerb.Create(context);
        yield return RolloutVerb.Scale(context);
        yield return RolloutVerb.Drain(context);
        yield return PreviewVerb.Create(context);
        yield return ContractVerb.Create(context);
        yield return LintVerb.Create(context);
        yield return DiffVerb.Create(context);
        yield return ChaosVerb.Create(context);
        yield return ScriptVerbs.Test();
        yield return ScriptVerbs.Bench();
        yield return ScriptVerbs.Pack();
    }
}
