namespace Candor.Infra.Tests.Program;

/// <summary>Pulumi takes its config from the environment of the process, so whatever runs the program runs alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PulumiRuns
{
    public const string Name = "pulumi config";
}
